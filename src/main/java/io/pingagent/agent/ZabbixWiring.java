package io.pingagent.agent;

import io.pingagent.agent.catalogue.ZabbixTargets;
import io.pingagent.base.NanoClock;
import io.pingagent.config.Config;
import io.pingagent.config.ConfigException;
import io.pingagent.config.ZabbixConfig;
import io.pingagent.keyfile.KeyFileException;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import io.pingagent.model.TlsSettings;
import io.pingagent.model.ZabbixServer;
import io.pingagent.probe.Engine;
import io.pingagent.zabbix.AddressItem;
import io.pingagent.zabbix.BridgeSettings;
import io.pingagent.zabbix.ZabbixBridge;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Translates the configuration into what the package {@code zabbix} wants. Stateless. */
public final class ZabbixWiring {

    /** By then the isolation guard has at least its suspicion. */
    private static final Duration LEAST_DOWN = Duration.ofMillis(1_500);

    private ZabbixWiring() {}

    public static BridgeSettings settings(Config config) {
        ZabbixConfig zabbix = config.zabbix();
        return new BridgeSettings(
                config.agent().name(),
                zabbix.host(),
                hostMetadata(zabbix),
                servers(zabbix),
                tls(zabbix.tls()),
                zabbix.pushInterval(),
                zabbix.discoveryInterval(),
                items(zabbix),
                zabbix.errListOnly(),
                zabbix.hostPerAddress(),
                zabbix.downAfter(),
                zabbix.upAfter(),
                leastDown(config),
                bufferDirectory(config),
                zabbix.buffer().maxSizeBytes(),
                zabbix.buffer().maxAge(),
                BridgeSettings.DEFAULT_DRAIN_PER_SECOND);
    }

    public static String hostMetadata(ZabbixConfig zabbix) {
        String metadata = zabbix.hostMetadata();
        return metadata == null ? "ping-agent " + AgentVersion.text() : metadata;
    }

    /** Least time between the first loss and the verdict that an address is down. */
    static Duration leastDown(Config config) {
        return config.probe().isolationSharePercent() > 0 ? LEAST_DOWN : Duration.ZERO;
    }

    /** Several agents of one machine may name the same directory. */
    private static Path bufferDirectory(Config config) {
        String name = URLEncoder.encode(config.agent().name(), StandardCharsets.UTF_8);
        return config.zabbix().buffer().directory().resolve(name.startsWith(".") ? "%2E" + name.substring(1) : name);
    }

    public static List<ZabbixServer> servers(ZabbixConfig zabbix) {
        return zabbix.servers().stream()
                .map(server -> new ZabbixServer(server.host(), server.port()))
                .toList();
    }

    private static Set<AddressItem> items(ZabbixConfig zabbix) {
        Set<AddressItem> items = EnumSet.noneOf(AddressItem.class);
        for (ZabbixConfig.Item item : zabbix.items()) {
            items.add(
                    switch (item) {
                        case STATUS -> AddressItem.STATUS;
                        case LOSS -> AddressItem.LOSS;
                        case RTT -> AddressItem.RTT;
                        case RTT_MIN -> AddressItem.RTT_MIN;
                        case RTT_MAX -> AddressItem.RTT_MAX;
                        case JITTER -> AddressItem.JITTER;
                    });
        }
        return items;
    }

    /** The configuration is complete: the loader has seen to that. */
    public static TlsSettings tls(ZabbixConfig.Tls tls) {
        return switch (tls.connect()) {
            case UNENCRYPTED -> new TlsSettings.Unencrypted();
            case PSK ->
                new TlsSettings.Psk(Objects.requireNonNull(tls.pskIdentity()), Objects.requireNonNull(tls.pskFile()));
            case CERT ->
                new TlsSettings.Cert(
                        Objects.requireNonNull(tls.caFile()),
                        Objects.requireNonNull(tls.certFile()),
                        Objects.requireNonNull(tls.keyFile()),
                        tls.serverCertIssuer(),
                        tls.serverCertSubject());
        };
    }

    /** @throws ConfigException if the buffer's directory, a key or a certificate cannot be used */
    static ZabbixBridge bridge(Config config, ZabbixTargets targets, ZabbixFacts facts, NanoClock clock) {
        BridgeSettings settings = settings(config);
        try {
            return new ZabbixBridge(settings, targets, facts, clock::wallNanos);
        } catch (IOException e) {
            throw new ConfigException(List.of(new Problem(
                    "zabbix.buffer.directory",
                    reason(e),
                    "stop the other agent, or give one of them another name or directory")));
        } catch (KeyFileException e) {
            throw keyFileProblem(config, e);
        }
    }

    public static ConfigException keyFileProblem(Config config, KeyFileException e) {
        String key = switch (config.zabbix().tls().connect()) {
            case PSK -> "zabbix.tls-psk-file";
            case CERT -> "zabbix.tls-ca-file, zabbix.tls-cert-file or zabbix.tls-key-file";
            case UNENCRYPTED -> "zabbix.tls-connect";
        };
        return new ConfigException(List.of(new Problem(key, e.what(), e.remedy())));
    }

    /** The message of Java's file exceptions is often the mere path. */
    private static String reason(IOException e) {
        return e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    }

    /** The engine's table as the bridge wants to read it. */
    static ZabbixTargets.Directory directory(Engine engine) {
        return new ZabbixTargets.Directory() {

            @Override
            public int limit() {
                return engine.targetLimit();
            }

            @Override
            public int idOf(IpAddress address) {
                return engine.targetId(address);
            }

            @Override
            public IpAddress address(int targetId) {
                return engine.address(targetId);
            }

            @Override
            public boolean onErrList(int targetId) {
                return engine.isInErrList(targetId) && !engine.isCutOff(targetId);
            }
        };
    }
}
