package io.pingagent.config;

import static io.pingagent.config.type.NumberTypes.bool;
import static io.pingagent.config.type.NumberTypes.duration;
import static io.pingagent.config.type.NumberTypes.integer;
import static io.pingagent.config.type.NumberTypes.percent;
import static io.pingagent.config.type.NumberTypes.percentAboveZero;
import static io.pingagent.config.type.NumberTypes.rate;
import static io.pingagent.config.type.NumberTypes.size;
import static io.pingagent.config.type.NumberTypes.unsignedInteger;

import io.pingagent.config.LoggingConfig.Level;
import io.pingagent.config.read.KnownKeys;
import io.pingagent.config.type.CronSpecType;
import io.pingagent.config.type.ImportEntryType;
import io.pingagent.config.type.Key;
import io.pingagent.config.type.ListType;
import io.pingagent.config.type.TextTypes;
import io.pingagent.config.type.ValueType;
import io.pingagent.model.DnsServer;
import io.pingagent.model.IpAddress;
import io.pingagent.model.TransmitStamps;
import io.pingagent.model.ZabbixServer;
import io.pingagent.redis.RedisUrl;
import io.pingagent.zabbix.AddressItem;
import io.pingagent.zabbix.api.ZabbixImport;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * The key table: every key once, with its type, default and description. Reading the file, the names of the environment
 * variables, the output of {@code check-config}, the example file and the reference are all derived from it.
 */
final class Keys {

    /** How {@code redis.last-ms-format} is written. */
    enum LastMsFormat {
        MS,
        DECIMAL
    }

    /** Zabbix's TLSConnect. */
    enum TlsConnect {
        UNENCRYPTED,
        PSK,
        CERT
    }

    private static final List<Key<?>> TABLE = new ArrayList<>();

    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    // agent
    static final Key<String> AGENT_NAME = optional(
            "agent.name",
            TextTypes.agentName(),
            "the short host name",
            "Name of this agent. It is part of all its Redis keys, so no two agents may share one.");
    static final Key<Duration> ONLINE_TTL = key(
            "agent.online-ttl",
            duration(SECOND.multipliedBy(3), HOUR),
            "30s",
            "How long a crashed agent still counts as online.");
    static final Key<String> AGENT_SOCKET = optional(
            "agent.socket",
            TextTypes.socket(),
            "/run/ping-agent/NAME.sock",
            "Unix socket at which the plugin of Zabbix agent 2 asks this agent. Every user of this host may ask there."
                    + " NAME is agent.name; none: no socket.");

    // redis
    static final Key<RedisUrl> REDIS_URL = key(
            "redis.url",
            TextTypes.redisUrl(),
            "redis://127.0.0.1:6379/0",
            "The Redis server: redis://USER:PASSWORD@HOST:PORT/DATABASE, or rediss:// for TLS.");
    static final Key<String> REDIS_USER =
            optional("redis.user", TextTypes.line(), "the default user", "ACL user, if redis.url has none.");
    static final Key<String> REDIS_PASSWORD = register(new Key<>(
            "redis.password",
            TextTypes.line(),
            null,
            "none",
            "Password, if redis.url has none. redis.password-file keeps it out of this file.",
            true));
    static final Key<Path> REDIS_PASSWORD_FILE =
            optional("redis.password-file", TextTypes.path(), "none", "File whose only line is the password of Redis.");
    static final Key<Path> REDIS_TLS_CA_FILE = optional(
            "redis.tls-ca-file",
            TextTypes.path(),
            "those of the JDK",
            "PEM file with the certificate authorities trusted for rediss://.");
    static final Key<Path> REDIS_TLS_CERTIFICATE_FILE = optional(
            "redis.tls-certificate-file",
            TextTypes.path(),
            "none",
            "PEM file with the agent's own certificate, for a Redis that asks for one (mutual TLS).");
    static final Key<Path> REDIS_TLS_KEY_FILE = optional(
            "redis.tls-key-file", TextTypes.path(), "none", "PEM file with the private key of that certificate.");
    static final Key<Duration> STATUS_INTERVAL = key(
            "redis.status-interval", duration(SECOND, HOUR), "10s", "How often agent-all-ip-status_$agent is written.");
    static final Key<Duration> RELOAD_INTERVAL = key(
            "redis.reload-interval",
            duration(SECOND, DAY),
            "60s",
            "How often jobs and groups are read again. Changes that Redis announces are read soon.");
    static final Key<LastMsFormat> LAST_MS_FORMAT = key(
            "redis.last-ms-format",
            TextTypes.choice(LastMsFormat.class),
            "ms",
            "Last RTT in whole milliseconds (11) or with decimals (11.204).");
    static final Key<Boolean> PER_IP_STATUS = key(
            "redis.per-ip-status", bool(), "false", "Whether the earlier layout's ip_$agent_$ip is written as well.");

    // probe
    static final Key<Duration> TIMEOUT = key(
            "probe.timeout",
            duration(MILLISECOND, MINUTE),
            "1s",
            "How long a probe waits for its reply, unless its job has another timeout.");
    static final Key<Integer> RATE_LIMIT = key(
            "probe.rate-limit",
            rate(1, 10_000_000),
            "100000",
            "Packets per second, all jobs together. After a pause the rate is up to a tenth higher until the backlog"
                    + " is sent.");
    static final Key<Integer> SIZE =
            key("probe.size", integer(32, 1472), "56", "Bytes of ICMP payload; the packet is 28 (IPv6: 48) longer.");
    static final Key<List<IpAddress>> SOURCE = key(
            "probe.source",
            new ListType<>(TextTypes.sourceAddress()),
            "",
            "Source address of the probes: at most one IPv4 and one IPv6, with %interface if it is link-local. Empty:"
                    + " the kernel chooses.");
    static final Key<String> INTERFACE = optional(
            "probe.interface",
            TextTypes.interfaceName(),
            "none",
            "Interface or VRF through which all probes go (SO_BINDTODEVICE). It must exist at the start. If it is"
                    + " deleted and created again later, it is used again within 2 s.");
    static final Key<Integer> DSCP = key("probe.dscp", integer(0, 63), "0", "DSCP of the probes; 46 is EF.");
    static final Key<Integer> TTL = key("probe.ttl", integer(1, 255), "64", "TTL or hop limit of the probes.");
    static final Key<Integer> MARK =
            key("probe.mark", unsignedInteger(), "0", "Firewall mark of the probes (needs CAP_NET_ADMIN); 0: none.");
    static final Key<Boolean> DONT_FRAGMENT = key(
            "probe.dont-fragment",
            bool(),
            "false",
            "Whether probes must not be fragmented. IPv4 packets of up to 552 bytes never are.");
    static final Key<TransmitStamps> TRANSMIT_TIMESTAMPS = key(
            "probe.transmit-timestamps",
            TextTypes.choice(TransmitStamps.class),
            "auto",
            "Round-trip times begin when the kernel hands the packet to the driver. Waiting for a system call, ARP or"
                    + " the interface's queue does not count then. on: for each probe; off: never; auto: for each"
                    + " probe up to about 10,000 a second, for a sample above that.");
    static final Key<Long> RECEIVE_BUFFER = key(
            "probe.receive-buffer",
            size(64 << 10, 1 << 30),
            "64MiB",
            "Receive buffer requested for each socket. A waiting reply takes about 800 bytes of it.");
    static final Key<Duration> IDENTIFIER_INTERVAL = key(
            "probe.identifier-interval",
            duration(SECOND.multipliedBy(10), DAY.multipliedBy(7)),
            "10m",
            "How often the ICMP identifier changes, so that a dead entry in a stateful firewall cannot blind the"
                    + " agent.");

    static final Key<Double> ISOLATION_SHARE = key(
            "probe.isolation-share",
            percent(),
            "80%",
            "The agent counts as cut off when this share of the addresses that answered stops at once, at least five."
                    + " None of them counts as down then. 0%: never.");
    static final Key<List<IpAddress>> CANARIES = key(
            "probe.canaries",
            new ListType<>(TextTypes.probedAddress()),
            "",
            "Addresses that answer whatever else is down, such as the agent's gateways. While one of them answers, the"
                    + " agent is not cut off. They are probed every 10 s.");

    // path
    static final Key<Boolean> PATH_ON_DOWN = key(
            "path.on-down",
            bool(),
            "false",
            "Whether the agent traces an address that goes down, hop by hop. The result goes to Redis"
                    + " (agent-path_$agent_$ip) and to Zabbix (ping.path). At most ten traces begin in a second.");
    static final Key<Integer> PATH_MAX_HOPS =
            key("path.max-hops", integer(1, 64), "30", "Highest TTL or hop limit of a trace.");
    static final Key<Duration> PATH_KEY_TTL =
            key("path.key-ttl", duration(MINUTE, DAY.multipliedBy(365)), "24h", "How long a result stays in Redis.");
    static final Key<Duration> PATH_GOOD_INTERVAL = key(
            "path.good-interval",
            duration(MINUTE, DAY.multipliedBy(30)),
            "6h",
            "How often the path to an address that answers is traced again, to compare with. At most one such trace"
                    + " begins in a second, and the paths of 10,000 addresses are kept.");

    // jobs
    static final Key<ZoneId> TIME_ZONE = optional(
            "jobs.time-zone",
            TextTypes.timeZone(),
            "the time zone of this machine",
            "Time zone of cron specs, also those of the err list. CRON_TZ=Area/City in a spec wins.");

    // dns
    static final Key<List<DnsServer>> DNS_SERVERS = key(
            "dns.servers",
            new ListType<>(TextTypes.dnsServer()),
            "",
            "DNS servers that are asked for the host names in groups: ADDRESS, IPv4:PORT or [IPv6]:PORT. Empty: those"
                    + " of /etc/resolv.conf.");

    // err-list
    static final Key<Integer> ENTER_AFTER = key(
            "err-list.enter-after", integer(1, 1000), "1", "Consecutive losses that put an address on the err list.");
    static final Key<String> ERR_LIST_SPEC =
            key("err-list.spec", new CronSpecType(), "* * * * * *", "When addresses on the err list are probed.");
    static final Key<String> CHECK_SPEC = key(
            "err-list.check-spec",
            new CronSpecType(),
            "*/5 * * * * *",
            "When the memory check looks for addresses without a reply for longer than their TTL.");
    static final Key<String> REVIEW_SPEC =
            key("err-list.review-spec", new CronSpecType(), "0 * * * * *", "When the err list is reviewed.");
    static final Key<Double> RECOVER_LOSS = key(
            "err-list.recover-loss",
            percentAboveZero(),
            "2%",
            "At a review, an address leaves the err list when its loss of the last 60 s is below this.");

    // history
    static final Key<Duration> HISTORY_LAST = key(
            "history.last",
            duration(Duration.ZERO, HOUR.multipliedBy(12)),
            "0ms",
            "How long the agent keeps every probe of each address in memory, for 'ping-agent plot' and 'ping-agent top'."
                    + " 0ms: not at all.");
    static final Key<Long> HISTORY_MEMORY = key(
            "history.memory",
            size(1 << 20, 16L << 30),
            "64MiB",
            "Memory for that. For 10m an address takes 330 bytes if it is probed every 10 s, and 3 KiB if every second."
                    + " When it is used up, further addresses are not kept.");

    // zabbix
    static final Key<List<ZabbixServer>> SERVERS = key(
            "zabbix.servers",
            new ListType<>(TextTypes.zabbixServer()),
            "",
            "Zabbix servers or proxies, tried in order; empty: no Zabbix.");
    static final Key<String> HOST =
            optional("zabbix.host", TextTypes.zabbixHost(), "agent.name", "The Zabbix host that owns the items.");
    static final Key<String> HOST_METADATA = optional(
            "zabbix.host-metadata",
            TextTypes.metadata(),
            "ping-agent and its version",
            "Zabbix's HostMetadata. An autoregistration action whose condition matches it creates the host.");
    static final Key<Duration> PUSH_INTERVAL = key(
            "zabbix.push-interval",
            duration(SECOND, HOUR),
            "60s",
            "Interval that a value covers. Sending is spread over the interval.");
    static final Key<Duration> DISCOVERY_INTERVAL = key(
            "zabbix.discovery-interval",
            duration(SECOND.multipliedBy(10), DAY),
            "10m",
            "How often the discovery lists are sent. A change is sent soon.");
    static final Key<List<String>> GROUPS = key(
            "zabbix.groups",
            new ListType<>(TextTypes.line()),
            "",
            "Names of the groups whose addresses go to Zabbix. Empty: all.");
    static final Key<List<AddressItem>> ITEMS = key(
            "zabbix.items",
            new ListType<>(TextTypes.choice(AddressItem.class, AddressItem::text)),
            "status, loss, rtt, rtt.min, rtt.max, jitter",
            "Which values of an address go to Zabbix. More, if named: rtt.p50, rtt.p95, rtt.p99, rtt.stddev, ttl.");
    static final Key<Boolean> ERR_LIST_ONLY =
            key("zabbix.err-list-only", bool(), "false", "Whether only addresses on the err list send values.");
    static final Key<Boolean> HOST_PER_ADDRESS = key(
            "zabbix.host-per-address",
            bool(),
            "false",
            "Whether each address is a Zabbix host of its own (template ping-agent-hosts.yaml).");
    static final Key<Integer> DOWN_AFTER = key(
            "zabbix.down-after",
            integer(1, 1000),
            "3",
            "Consecutive losses at the interval of the err list after which an address is down.");
    static final Key<Integer> UP_AFTER =
            key("zabbix.up-after", integer(1, 1000), "3", "Consecutive replies after which an address is up again.");
    static final Key<Path> BUFFER_DIRECTORY = key(
            "zabbix.buffer.directory",
            TextTypes.path(),
            "/var/lib/ping-agent/zabbix",
            "Where values wait while no Zabbix server answers. Each agent has a subdirectory of its name.");
    static final Key<Long> BUFFER_MAX_SIZE = key(
            "zabbix.buffer.max-size",
            size(1 << 20, 1L << 40),
            "256MiB",
            "Size of the buffer. Beyond it the oldest values are dropped.");
    static final Key<Duration> BUFFER_MAX_AGE = key(
            "zabbix.buffer.max-age",
            duration(MINUTE, DAY.multipliedBy(365)),
            "7d",
            "Values older than this are dropped.");
    static final Key<TlsConnect> TLS_CONNECT = key(
            "zabbix.tls-connect",
            TextTypes.choice(TlsConnect.class),
            "unencrypted",
            "How to connect, as Zabbix's TLSConnect.");
    static final Key<String> TLS_PSK_IDENTITY =
            optional("zabbix.tls-psk-identity", TextTypes.line(), "none", "Zabbix's TLSPSKIdentity.");
    static final Key<Path> TLS_PSK_FILE = optional(
            "zabbix.tls-psk-file",
            TextTypes.path(),
            "none",
            "Zabbix's TLSPSKFile: a file with the key in hexadecimal digits.");
    static final Key<Path> TLS_CA_FILE =
            optional("zabbix.tls-ca-file", TextTypes.path(), "none", "Zabbix's TLSCAFile (PEM).");
    static final Key<Path> TLS_CERT_FILE =
            optional("zabbix.tls-cert-file", TextTypes.path(), "none", "Zabbix's TLSCertFile (PEM).");
    static final Key<Path> TLS_KEY_FILE =
            optional("zabbix.tls-key-file", TextTypes.path(), "none", "Zabbix's TLSKeyFile (PEM).");
    static final Key<String> TLS_SERVER_CERT_ISSUER =
            optional("zabbix.tls-server-cert-issuer", TextTypes.line(), "any", "Zabbix's TLSServerCertIssuer.");
    static final Key<String> TLS_SERVER_CERT_SUBJECT =
            optional("zabbix.tls-server-cert-subject", TextTypes.line(), "any", "Zabbix's TLSServerCertSubject.");
    static final Key<URI> API_URL = optional(
            "zabbix.api-url",
            TextTypes.apiUrl(),
            "none",
            "Address of the Zabbix frontend, to import hosts that exist already: https://zabbix.example.com/zabbix.");
    static final Key<Path> API_TOKEN_FILE = optional(
            "zabbix.api-token-file", TextTypes.path(), "none", "File whose only line is a token of the Zabbix API.");
    static final Key<Path> API_CA_FILE = optional(
            "zabbix.api-ca-file",
            TextTypes.path(),
            "those of the JDK",
            "PEM file with the certificate authorities trusted for zabbix.api-url.");
    static final Key<List<ZabbixImport>> IMPORT = key(
            "zabbix.import",
            new ListType<>(ImportEntryType.type()),
            "",
            "Hosts of Zabbix whose addresses are kept in groups. Each entry has the options of 'ping-agent zabbix"
                    + " import': --group core --hostgroup Routers --every 10m. Of several agents with one Redis, one"
                    + " needs it.");

    // logging
    static final Key<Level> LOGGING_LEVEL =
            key("logging.level", TextTypes.choice(Level.class), "info", "Least severe event that is logged.");

    /** In the order of the reference. */
    static final List<Key<?>> ALL = List.copyOf(TABLE);

    static final KnownKeys KNOWN = new KnownKeys(ALL);

    private Keys() {}

    private static <T> Key<T> key(String path, ValueType<T> type, String defaultText, String description) {
        return register(new Key<>(path, type, defaultText, "", description, false));
    }

    private static <T> Key<T> optional(String path, ValueType<T> type, String defaultNote, String description) {
        return register(new Key<>(path, type, null, defaultNote, description, false));
    }

    private static <T> Key<T> register(Key<T> key) {
        TABLE.add(key);
        return key;
    }
}
