package io.pingagent.zabbix.api;

import io.pingagent.model.ZabbixHost;
import java.util.List;
import java.util.Set;

/**
 * A monitored host as Zabbix has it.
 *
 * @param id of the API
 * @param name technical name
 * @param visibleName as users see it; empty if Zabbix did not say
 * @param isDiscovered whether a discovery rule made it
 * @param monitor who takes its values
 * @param interfaces the main ones, in the order in which an address is looked for
 * @param keys by which keys it takes values; empty: it lacks the template
 */
public record FoundHost(
        String id,
        String name,
        String visibleName,
        boolean isDiscovered,
        Monitor monitor,
        List<Interface> interfaces,
        Set<ZabbixHost.Keys> keys) {

    public FoundHost {
        interfaces = List.copyOf(interfaces);
        keys = Set.copyOf(keys);
    }

    /**
     * A main interface.
     *
     * @param type in the words of the frontend, as {@code SNMP}
     * @param text an address or a name
     * @param isName whether it is a name to be resolved
     */
    public record Interface(String type, String text, boolean isName) {}

    /**
     * Who monitors a host. A server refuses sender values of hosts that a proxy monitors.
     *
     * @param id of the proxy or the proxy group; empty for the server
     */
    public record Monitor(Kind kind, String id) {

        /** The server itself. */
        public static final Monitor SERVER = new Monitor(Kind.SERVER, "");

        /** As in the frontend. */
        public enum Kind {
            SERVER,
            PROXY,
            PROXY_GROUP
        }
    }
}
