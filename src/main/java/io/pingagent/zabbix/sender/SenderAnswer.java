package io.pingagent.zabbix.sender;

import io.pingagent.model.ZabbixServer;
import org.jspecify.annotations.Nullable;

/** What a server or proxy says to a packet of values, or to the question for a host's checks. */
public sealed interface SenderAnswer {

    /**
     * It took the packet. It does not say which values failed, only how many.
     *
     * @param processed values of known items
     * @param failed values of unknown hosts or keys, or not allowed
     */
    record Counts(int processed, int failed) implements SenderAnswer {

        int total() {
            return processed + failed;
        }
    }

    /**
     * A proxy of a group (Zabbix 7.0) names the proxy that is responsible now; nothing was taken.
     *
     * @param to null: forget earlier redirects and ask the configured servers
     * @param revision of the group's plan; higher is newer
     */
    record Redirect(@Nullable ZabbixServer to, long revision) implements SenderAnswer {}

    /** It serves the host that was asked for. */
    record Known() implements SenderAnswer {}

    /** It refuses the packet as a whole; nothing was taken. */
    record Refused(String info) implements SenderAnswer {}
}
