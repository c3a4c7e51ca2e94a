package io.pingagent.zabbix.sender;

import io.pingagent.model.ZabbixServer;
import io.pingagent.zabbix.sender.SenderAnswer.Known;
import io.pingagent.zabbix.sender.SenderAnswer.Redirect;
import io.pingagent.zabbix.sender.SenderAnswer.Refused;
import io.pingagent.zabbix.transport.SenderTransport;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes the agent's host known to Zabbix: asks for its checks as a Zabbix agent does (see {@link ActiveChecks}), so that a
 * server with an autoregistration action makes the host and links the template. It asks until a server knows the host, over the
 * transport of the values: an unencrypted question would take the encryption off a host that has a PSK.
 *
 * <p>The body of {@code ping-zabbix-host}, which ends with the answer.
 */
public final class Registration implements AutoCloseable {

    private static final Logger LOG = LogManager.getLogger(Registration.class);

    static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** An action may be made any day. */
    static final long LONGEST_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(10);

    private static final long JOIN_MILLIS = 1_000;
    private static final int MAX_REDIRECTS = 2;

    private final String host;
    private final String metadata;
    private final List<ZabbixServer> servers;
    private final SenderTransport transport;
    private final Thread thread = new Thread(this::run, "ping-zabbix-host");

    private volatile boolean saidUnknown;
    private volatile boolean stopping;

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
        thread.setDaemon(true);
    }

    /** Once only. */
    public void start() {
        thread.start();
    }

    private void run() {
        long pauseNanos = FIRST_PAUSE_NANOS;
        while (!stopping && !isKnown()) {
            long untilNanos = System.nanoTime() + pauseNanos;
            while (!stopping && System.nanoTime() - untilNanos < 0) {
                LockSupport.parkNanos(this, untilNanos - System.nanoTime());
            }
            pauseNanos = nextPauseNanos(pauseNanos);
        }
    }

    static long nextPauseNanos(long pauseNanos) {
        return Math.min(LONGEST_PAUSE_NANOS, 2 * pauseNanos);
    }

    /** Asks the servers in their order. Whether one of them knows the host. Never throws. */
    boolean isKnown() {
        for (ZabbixServer server : servers) {
            if (stopping) {
                return false;
            }
            try {
                SenderAnswer answer = ask(server);
                if (answer instanceof Known) {
                    if (saidUnknown) {
                        LOG.info("Zabbix server {} knows host '{}' now", server, host);
                    }
                    return true;
                }
                if (answer instanceof Refused refused) {
                    unknown(server, refused.info());
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

    private void unknown(ZabbixServer server, String info) {
        if (!saidUnknown) {
            saidUnknown = true;
            LOG.info(
                    "Zabbix server {} does not serve host '{}' yet: {}; an autoregistration action whose condition fits"
                            + " '{}' makes it, and the server is asked again",
                    server,
                    host,
                    info,
                    metadata);
        }
    }

    /** Null if it was sent in a circle. */
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
        stopping = true;
        LockSupport.unpark(thread);
        try {
            thread.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
