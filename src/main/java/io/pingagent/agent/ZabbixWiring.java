package io.pingagent.agent;

import io.pingagent.agent.catalogue.ZabbixTargets;
import io.pingagent.agent.report.ZabbixFacts;
import io.pingagent.base.NanoClock;
import io.pingagent.config.Config;
import io.pingagent.config.ConfigException;
import io.pingagent.keyfile.KeyFileException;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import io.pingagent.model.TlsSettings;
import io.pingagent.probe.Engine;
import io.pingagent.zabbix.ZabbixBridge;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.List;

/** Makes the bridge of the running agent. Stateless. */
public final class ZabbixWiring {

    private ZabbixWiring() {}

    /** @throws ConfigException if the buffer's directory, a key or a certificate cannot be used */
    static ZabbixBridge bridge(Config config, ZabbixTargets targets, ZabbixFacts facts, NanoClock clock) {
        try {
            return new ZabbixBridge(config.zabbix().bridge(), targets, facts, clock::wallNanos);
        } catch (IOException e) {
            throw new ConfigException(List.of(new Problem(
                    "zabbix.buffer.directory",
                    reason(e),
                    "stop the other agent, or give one of them another name or directory")));
        } catch (KeyFileException e) {
            throw keyFileProblem(config, e);
        }
    }

    /** A PSK or certificate of the configuration cannot be used. */
    public static ConfigException keyFileProblem(Config config, KeyFileException e) {
        TlsSettings tls = config.zabbix().bridge().access().tls();
        String key = tls instanceof TlsSettings.Psk
                ? "zabbix.tls-psk-file"
                : "zabbix.tls-ca-file, zabbix.tls-cert-file or zabbix.tls-key-file";
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

            @Override
            public long silentNanos(int targetId) {
                return engine.lastRttNanos(targetId) < 0 ? Long.MAX_VALUE : engine.silentNanos(targetId);
            }

            @Override
            public long timeoutNanos(int targetId) {
                return engine.settings(targetId).timeoutNanos();
            }

            @Override
            public boolean ask(int targetId) {
                return engine.ask(targetId);
            }
        };
    }
}
