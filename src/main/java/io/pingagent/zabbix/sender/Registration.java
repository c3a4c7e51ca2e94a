package io.pingagent.zabbix.sender;

import io.pingagent.base.Backoff;
import io.pingagent.base.OwnedBy;
import io.pingagent.base.SayOnce;
import io.pingagent.base.Worker;
import io.pingagent.model.ZabbixServer;
import io.pingagent.zabbix.sender.SenderAnswer.Known;
import io.pingagent.zabbix.sender.SenderAnswer.Redirect;
import io.pingagent.zabbix.sender.SenderAnswer.Refused;
import io.pingagent.zabbix.transport.SenderTransport;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes the agent's host known to Zabbix. It asks for its checks as a Zabbix agent does (see {@link ActiveChecks}).
 * Then a server with an autoregistration action makes the host and links the template.
 *
 * <p>It asks until a server knows the host, over the transport of the values. An unencrypted question would take the
 * encryption off a host that has a PSK.
 *
 * <p>Its thread, {@code ping-zabbix-host}, ends as soon as a server knows the host.
 */
public final class Registration implements AutoCloseable {

    private static final Logger LOG = LogManager.getLogger(Registration.class);

    private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** An action may be made any day. */
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(10);

    private static final Duration LAST_EXCHANGE = Duration.ofSeconds(1);
    private static final int MAX_REDIRECTS = 2;

    private final String host;
    private final String metadata;
    private final List<ZabbixServer> servers;
    private final SenderTransport transport;
    private final Backoff backoff = new Backoff(FIRST_PAUSE_NANOS, LONGEST_PAUSE_NANOS);
    private final SayOnce unknown = new SayOnce();
    private final Worker worker = Worker.named("ping-zabbix-host").work(this::turn);

    /**
     * @param host the Zabbix host that owns the agent's items
     * @param metadata what an action may look at
     * @param transport that of the values; whoever made it closes it
     */
    public Registration(String host, String metadata, List<ZabbixServer> servers, SenderTransport transport) {
        this.host = host;
        this.metadata = metadata;
        this.servers = List.copyOf(servers);
        this.transport = transport;
    }

    /** Once only. */
    public void start() {
        worker.start();
    }

    @OwnedBy("ping-zabbix-host")
    private long turn() throws InterruptedException {
        if (isKnown()) {
            return Worker.END;
        }
        worker.rest(backoff.nextNanos());
        return 0;
    }

    /** Asks the servers in their order. Whether one of them knows the host. Never throws. */
    @OwnedBy("ping-zabbix-host")
    boolean isKnown() {
        for (ZabbixServer server : servers) {
            if (worker.isStopping()) {
                return false;
            }
            try {
                SenderAnswer answer = ask(server);
                if (answer instanceof Known) {
                    if (unknown.ends()) {
                        LOG.info("Zabbix server {} knows host '{}' now", server, host);
                    }
                    return true;
                }
                if (answer instanceof Refused refused) {
                    sayUnknown(server, refused.info());
                }
            } catch (IOException e) {
                // The values go the same way, and what is wrong with it is said there.
                LOG.debug("{} was not asked for the checks of host '{}'", server, host, e);
            } catch (RuntimeException e) {
                LOG.error("{} could not be asked for the checks of host '{}'", server, host, e);
            }
        }
        return false;
    }

    @OwnedBy("ping-zabbix-host")
    private void sayUnknown(ZabbixServer server, String info) {
        if (unknown.begins()) {
            LOG.info(
                    "Zabbix server {} does not serve host '{}' yet: {}; it is asked again. An autoregistration action whose"
                            + " condition fits '{}' makes the host",
                    server,
                    host,
                    info,
                    metadata);
        }
    }

    /** Null if it was sent in a circle. */
    @OwnedBy("ping-zabbix-host")
    private @Nullable SenderAnswer ask(ZabbixServer server) throws IOException {
        ZabbixServer target = server;
        for (int redirect = 0; redirect <= MAX_REDIRECTS; redirect++) {
            SenderAnswer answer =
                    AnswerParser.parseActiveChecks(transport.exchange(target, ActiveChecks.request(host, metadata)));
            if (!(answer instanceof Redirect to) || to.to() == null) {
                return answer;
            }
            target = to.to();
        }
        return null;
    }

    /** Ends the thread; a question that is under way ends with the transport. */
    @Override
    public void close() {
        worker.stop();
        worker.join(LAST_EXCHANGE);
    }
}
