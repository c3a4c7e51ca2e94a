package io.pingagent.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The Zabbix bridge.
 *
 * @param servers servers or proxies, tried in order; empty: the bridge is off
 * @param hostMetadata null: that of this version
 * @param host the Zabbix host that owns the items
 * @param pushInterval over which values are collected and sent, 1 s to 1 h
 * @param discoveryInterval between two sendings of an unchanged discovery list, 10 s to 1 d
 * @param groups names of the groups that are bridged; empty: all
 * @param items which values of an address are sent
 * @param errListOnly whether only addresses on the err list send values
 * @param hostPerAddress whether each address is a Zabbix host of its own
 * @param downAfter consecutive losses at err-list cadence after which the status is down, 1 to 1000
 * @param upAfter consecutive replies after which the status is up again, 1 to 1000
 */
public record ZabbixConfig(
        List<HostPort> servers,
        String host,
        @Nullable String hostMetadata,
        Duration pushInterval,
        Duration discoveryInterval,
        List<String> groups,
        Set<Item> items,
        boolean errListOnly,
        boolean hostPerAddress,
        int downAfter,
        int upAfter,
        Buffer buffer,
        Tls tls,
        Api api) {

    public ZabbixConfig {
        servers = List.copyOf(servers);
        groups = List.copyOf(groups);
        items = Set.copyOf(items);
    }

    /** Whether the bridge is on. */
    public boolean enabled() {
        return !servers.isEmpty();
    }

    /** A value of an address; its Zabbix key is {@code ping.} and the text, as in {@code ping.rtt.min["192.0.2.1"]}. */
    public enum Item {
        STATUS("status"),
        LOSS("loss"),
        RTT("rtt"),
        RTT_MIN("rtt.min"),
        RTT_MAX("rtt.max"),
        JITTER("jitter");

        private final String text;

        Item(String text) {
            this.text = text;
        }

        /** As written in the configuration. */
        public String text() {
            return text;
        }
    }

    /**
     * Where values wait on disk while no server answers.
     *
     * @param maxSizeBytes 1 MiB to 1 TiB; the oldest values are dropped beyond it
     * @param maxAge values older than this are dropped, 1 min to 365 d
     */
    public record Buffer(Path directory, long maxSizeBytes, Duration maxAge) {}

    /**
     * Zabbix's API, from which hosts are read.
     *
     * @param url of {@code api_jsonrpc.php}; null: no API
     * @param tokenFile set where the URL is
     * @param caFile null: the authorities of the Java runtime
     * @param imports what the running agent keeps in step
     */
    public record Api(
            @Nullable URI url,
            @Nullable Path tokenFile,
            @Nullable Path caFile,
            List<ZabbixImport> imports) {

        public Api {
            imports = List.copyOf(imports);
        }
    }

    /** Zabbix's own TLS parameters; which fields are set follows from {@code connect}. */
    public record Tls(
            Connect connect,
            @Nullable String pskIdentity,
            @Nullable Path pskFile,
            @Nullable Path caFile,
            @Nullable Path certFile,
            @Nullable Path keyFile,
            @Nullable String serverCertIssuer,
            @Nullable String serverCertSubject) {

        /** Zabbix's TLSConnect. */
        public enum Connect {
            UNENCRYPTED,
            PSK,
            CERT
        }
    }
}
