package io.pingagent.zabbix;

import io.pingagent.base.DaemonThreads;
import io.pingagent.base.OwnedBy;
import io.pingagent.keyfile.KeyFileException;
import io.pingagent.model.TlsSettings;
import io.pingagent.model.ZabbixServer;
import io.pingagent.model.ZabbixValue;
import io.pingagent.zabbix.ServerDiagnosis.Kind;
import io.pingagent.zabbix.sender.ActiveChecks;
import io.pingagent.zabbix.sender.AnswerParser;
import io.pingagent.zabbix.sender.PacketEncoder;
import io.pingagent.zabbix.sender.SenderAnswer;
import io.pingagent.zabbix.sender.SenderAnswer.Counts;
import io.pingagent.zabbix.sender.SenderAnswer.Redirect;
import io.pingagent.zabbix.sender.SenderAnswer.Refused;
import io.pingagent.zabbix.transport.BadAnswerException;
import io.pingagent.zabbix.transport.DurationText;
import io.pingagent.zabbix.transport.HandshakeException;
import io.pingagent.zabbix.transport.SenderTransport;
import io.pingagent.zabbix.transport.SocketTransport;
import io.pingagent.zabbix.transport.TransportFailureText;
import io.pingagent.zabbix.transport.Transports;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Asks servers why they take no values of a host, for doctor. First asks for active checks ({@link ActiveChecks}),
 * whose answer names the cause. Then sends one value, the agent's version. If the host is known but refuses the value,
 * the template is missing or that item is disabled.
 */
@OwnedBy("caller")
public final class ZabbixDiagnosis implements AutoCloseable {

    /** Within the 5 s that doctor gives to all of them. */
    private static final Duration LIMIT = Duration.ofMillis(4_500);

    private static final SocketTransport.Limits LIMITS =
            new SocketTransport.Limits(Duration.ofMillis(4_000), Duration.ofMillis(4_000), Duration.ofMillis(4_200));

    private static final int MAX_REDIRECTS = 2;

    private final SenderTransport transport;
    private final String host;
    private final String metadata;
    private final String version;
    private final LongSupplier wallNanos;
    private final Duration limit;

    /**
     * @param host the Zabbix host that owns the items
     * @param metadata that of the running agent: an autoregistration action sees it
     * @param version of the agent, what a running one would send, too
     * @param wallNanos Unix nanoseconds
     * @throws KeyFileException if a key or certificate cannot be read
     */
    public ZabbixDiagnosis(TlsSettings tls, String host, String metadata, String version, LongSupplier wallNanos)
            throws KeyFileException {
        this(Transports.create(tls, LIMITS), host, metadata, version, wallNanos, LIMIT);
    }

    ZabbixDiagnosis(
            SenderTransport transport,
            String host,
            String metadata,
            String version,
            LongSupplier wallNanos,
            Duration limit) {
        this.transport = transport;
        this.host = host;
        this.metadata = metadata;
        this.version = version;
        this.wallNanos = wallNanos;
        this.limit = limit;
    }

    /**
     * One verdict per server, in their order. All are asked at the same time.
     *
     * @return within 5 s
     */
    public List<ServerDiagnosis> judge(List<ZabbixServer> servers) {
        List<CompletableFuture<ServerDiagnosis>> asked = new ArrayList<>();
        for (ZabbixServer server : servers) {
            CompletableFuture<ServerDiagnosis> verdict = new CompletableFuture<>();
            asked.add(verdict);
            DaemonThreads.start("ping-zabbix-doctor", () -> {
                try {
                    verdict.complete(judge(server));
                } catch (RuntimeException | Error e) {
                    verdict.completeExceptionally(e);
                }
            });
        }
        long untilNanos = System.nanoTime() + limit.toNanos();
        List<ServerDiagnosis> verdicts = new ArrayList<>();
        for (int i = 0; i < servers.size(); i++) {
            verdicts.add(await(servers.get(i), asked.get(i), untilNanos));
        }
        return verdicts;
    }

    private ServerDiagnosis await(ZabbixServer server, CompletableFuture<ServerDiagnosis> verdict, long untilNanos) {
        try {
            return verdict.get(Math.max(1, untilNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return unreachable(server, new SocketTimeoutException("no answer within " + DurationText.text(limit)));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("the question to " + server + " failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unreachable(server, new SocketTimeoutException("interrupted"));
        }
    }

    private ServerDiagnosis judge(ZabbixServer server) {
        try {
            ZabbixServer target = server;
            for (int redirect = 0; redirect <= MAX_REDIRECTS; redirect++) {
                SenderAnswer answer = ask(server, target);
                if (!(answer instanceof Redirect to)) {
                    String via = target.equals(server)
                            ? server + " "
                            : server + " leaves host '" + host + "' to " + target + ", which ";
                    return answer instanceof Refused refused
                            ? HostRefusals.verdict(server, via, host, refused.info())
                            : value(server, target, via);
                }
                if (to.to() == null) {
                    return new ServerDiagnosis(
                            server,
                            Kind.AWAY,
                            server + " serves no hosts of its proxy group now",
                            "look at the way from this proxy to the Zabbix server");
                }
                target = to.to();
            }
            return new ServerDiagnosis(
                    server,
                    Kind.AWAY,
                    server + " redirects in a circle",
                    "look at the proxy group; it may be rearranging");
        } catch (IOException e) {
            return unreachable(server, e);
        }
    }

    private SenderAnswer ask(ZabbixServer server, ZabbixServer target) throws IOException {
        try {
            return AnswerParser.parseActiveChecks(transport.exchange(target, ActiveChecks.request(host, metadata)));
        } catch (IOException e) {
            if (target.equals(server) || e instanceof HandshakeException) {
                throw e;
            }
            throw new IOException(
                    server + " leaves host '" + host + "' to " + target + ", which fails: "
                            + TransportFailureText.of(e),
                    e);
        }
    }

    private ServerDiagnosis value(ZabbixServer server, ZabbixServer target, String via) throws IOException {
        List<ZabbixValue> values =
                List.of(ZabbixValue.at(host, AgentItem.VERSION.key(), version, wallNanos.getAsLong()));
        byte[] frame = PacketEncoder.encode(values, wallNanos.getAsLong(), false);
        SenderAnswer answer = AnswerParser.parse(transport.exchange(target, frame), values.size());
        if (answer instanceof Counts counts && counts.processed() > 0) {
            return new ServerDiagnosis(server, Kind.WELL, via + "takes values of host '" + host + "'", "");
        }
        if (answer instanceof Refused refused) {
            return HostRefusals.verdict(server, via, host, refused.info());
        }
        if (answer instanceof Redirect) {
            return new ServerDiagnosis(
                    server,
                    Kind.AWAY,
                    via + "sends the values of host '" + host + "' to another proxy: the group is being rearranged",
                    "ask again in a minute");
        }
        return new ServerDiagnosis(
                server,
                Kind.WRONG,
                via + "knows host '" + host + "' but does not take " + AgentItem.VERSION.key()
                        + ": the template is missing, or this item is disabled",
                "link the template 'Ping agent by Zabbix trapper' to the host; if that was just done, wait a minute"
                        + " (behind a proxy of Zabbix 6.0 with the default ConfigFrequency=3600 up to an hour)");
    }

    private static ServerDiagnosis unreachable(ZabbixServer server, IOException e) {
        String reason = TransportFailureText.of(e);
        String found = reason.startsWith(server + " ") ? reason : server + ": " + reason;
        if (e instanceof HandshakeException failed) {
            return new ServerDiagnosis(server, Kind.WRONG, found, failed.remedy());
        }
        if (e instanceof BadAnswerException) {
            return new ServerDiagnosis(
                    server,
                    Kind.WRONG,
                    server + " is no Zabbix server or proxy: " + reason,
                    "name the trapper's port in zabbix.servers, 10051 by default (10050 is an agent's)");
        }
        if (e instanceof UnknownHostException) {
            return new ServerDiagnosis(
                    server, Kind.AWAY, found, "correct zabbix.servers, or look at the name servers of this machine");
        }
        if (e instanceof SocketTimeoutException) {
            return new ServerDiagnosis(
                    server,
                    Kind.AWAY,
                    found,
                    "see that the Zabbix server is running and not overloaded, and the firewall between");
        }
        if (reason.equals("connection refused")) {
            return new ServerDiagnosis(
                    server,
                    Kind.AWAY,
                    found,
                    "see that the Zabbix server is running and listens on this port; correct zabbix.servers if not");
        }
        return new ServerDiagnosis(server, Kind.AWAY, found, "look at zabbix.servers, that server and the way to it");
    }

    @Override
    public void close() {
        transport.close();
    }
}
