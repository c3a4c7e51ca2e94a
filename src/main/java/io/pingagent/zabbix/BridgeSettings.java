package io.pingagent.zabbix;

import io.pingagent.model.TlsSettings;
import io.pingagent.model.ZabbixServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What the bridge is to do. Immutable.
 *
 * @param agent the agent's name, macro {@code {#AGENT}}
 * @param host that owns the items
 * @param access how Zabbix is reached
 * @param values what is sent, and how often
 * @param thresholds when an address is down and up
 * @param buffer where values wait
 */
public record BridgeSettings(
        String agent, Host host, Access access, Values values, Thresholds thresholds, Buffer buffer) {

    /**
     * The agent's host in Zabbix.
     *
     * @param name technical name
     * @param metadata by which an autoregistration action of Zabbix knows the agent
     */
    public record Host(String name, String metadata) {}

    /**
     * How Zabbix is reached.
     *
     * @param servers servers or proxies, tried in order; at least one for a bridge that sends
     */
    public record Access(List<ZabbixServer> servers, TlsSettings tls) {

        public Access {
            servers = List.copyOf(servers);
        }
    }

    /**
     * What is sent, and how often.
     *
     * @param items which values of an address are sent
     * @param errListOnly whether only addresses on the err list send values; changes of status are always sent
     * @param hostPerAddress whether each address is a Zabbix host of its own, with items named
     *     {@link AddressItem#key()}; else all items are those of the agent's host
     * @param pushInterval over which values are collected and sent, at least 1 s
     * @param discoveryInterval between two sendings of an unchanged list
     */
    public record Values(
            Set<AddressItem> items,
            boolean errListOnly,
            boolean hostPerAddress,
            Duration pushInterval,
            Duration discoveryInterval) {

        public Values {
            items = Set.copyOf(items);
        }
    }

    /** What verdicts may take beyond the intervals of probes. */
    private static final Duration BUSY_MACHINE = Duration.ofSeconds(2);

    /**
     * When an address is down and up.
     *
     * @param downAfter losses in a row at the err list's interval, at least 1
     * @param upAfter replies in a row, at least 1
     * @param downNotBefore least time between the first of the losses in a row and the verdict that an address is down.
     *     It takes that long to know whether the agent itself is cut off
     * @param errList how often they are probed meanwhile
     */
    public record Thresholds(int downAfter, int upAfter, Duration downNotBefore, ErrListPace errList) {

        /** With an err list as it is by default. */
        public Thresholds(int downAfter, int upAfter, Duration downNotBefore) {
            this(downAfter, upAfter, downNotBefore, new ErrListPace(1, Duration.ofSeconds(1)));
        }

        /**
         * How long it takes at most to call an address down that is silent from now on. It is probed as often as those
         * on the err list.
         *
         * @param timeoutNanos of its probes
         */
        public long verdictNanos(long timeoutNanos) {
            // Its first loss puts it on the err list, and does not count yet. One interval passes until its first
            // probe.
            int losses = Math.max(downAfter, errList.enterAfter + 1);
            return (losses + 1) * errList.interval.toNanos()
                    + downNotBefore.toNanos()
                    + timeoutNanos
                    + BUSY_MACHINE.toNanos();
        }

        /** How long it takes at most to call an address up that answers again. */
        public long returnNanos() {
            return upAfter * errList.interval.toNanos() + BUSY_MACHINE.toNanos();
        }
    }

    /**
     * How soon addresses that stop are probed how often.
     *
     * @param enterAfter losses in a row that put an address on the err list, at least 1
     * @param interval between two probes of an address on it
     */
    public record ErrListPace(int enterAfter, Duration interval) {}

    /**
     * Where values wait while no server answers.
     *
     * @param directory of this agent alone
     * @param maxBytes at least 1 MiB; a quarter more may be taken by values of items that the server does not know
     * @param maxAge values older than this are dropped
     * @param drainPerSecond values per second while a backlog is sent that exceeds the server's cache. Values made
     *     meanwhile are sent beside it. It is below what a server puts into its database
     */
    public record Buffer(Path directory, long maxBytes, Duration maxAge, int drainPerSecond) {

        public static final int DEFAULT_DRAIN_PER_SECOND = 20_000;

        public Buffer(Path directory, long maxBytes, Duration maxAge) {
            this(directory, maxBytes, maxAge, DEFAULT_DRAIN_PER_SECOND);
        }
    }
}
