package io.pingagent.zabbix;

import io.pingagent.zabbix.SenderAnswer.Counts;
import io.pingagent.zabbix.SenderAnswer.Redirect;
import io.pingagent.zabbix.SenderAnswer.Refused;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends packets to the first server that takes them: stays with it while it works, goes on to the next in order when it does
 * not, follows the redirects of proxy groups. Used by several threads.
 */
final class SenderClient implements AutoCloseable {

    /** A group that is being rearranged may redirect more than once, but not in circles. */
    private static final int MAX_REDIRECTS = 3;

    private final List<ZabbixServer> servers;
    private final SenderTransport transport;
    private final LongSupplier wallNanos;
    private final boolean compress;

    /** Where a configured proxy sends us. */
    private final Map<ZabbixServer, ZabbixServer> redirects = new ConcurrentHashMap<>();

    private volatile int current;
    private volatile @Nullable ZabbixServer lastServer;

    /**
     * Compresses, unless all servers are on this machine, where it costs both sides more than it saves.
     *
     * @param servers at least one
     */
    static SenderClient of(List<ZabbixServer> servers, SenderTransport transport, LongSupplier wallNanos) {
        return new SenderClient(servers, transport, wallNanos, !servers.stream().allMatch(ZabbixServer::isLocal));
    }

    /** @param servers at least one */
    SenderClient(List<ZabbixServer> servers, SenderTransport transport, LongSupplier wallNanos, boolean compress) {
        this.servers = List.copyOf(servers);
        this.transport = transport;
        this.wallNanos = wallNanos;
        this.compress = compress;
    }

    /**
     * Sends one packet.
     *
     * @param values at least one; all of them in one packet
     * @throws ServerAwayException if no server took it
     */
    Counts send(List<ZabbixValue> values) throws ServerAwayException {
        return sendFrame(PacketEncoder.encode(values, wallNanos.getAsLong(), compress), values.size());
    }

    /**
     * Sends a packet with one value, a list, that is encoded already.
     *
     * @param host of the value
     * @throws ServerAwayException if no server took it
     */
    Counts sendList(String host, byte[] frame) throws ServerAwayException {
        return sendFrame(frame, 1);
    }

    private Counts sendFrame(byte[] frame, int values) throws ServerAwayException {
        StringBuilder reasons = new StringBuilder();
        IOException last = null;
        int first = current;
        for (int i = 0; i < servers.size(); i++) {
            int index = (first + i) % servers.size();
            ZabbixServer server = servers.get(index);
            try {
                Counts counts = sendTo(server, frame, values);
                current = index;
                return counts;
            } catch (IOException e) {
                last = e;
                reasons.append(reasons.isEmpty() ? "" : "; ")
                        .append(server)
                        .append(": ")
                        .append(reason(e));
            }
        }
        throw new ServerAwayException(
                "no Zabbix server takes values (" + reasons + ")",
                last == null ? new IOException("no server is configured") : last);
    }

    private Counts sendTo(ZabbixServer configured, byte[] frame, int sent) throws IOException {
        ZabbixServer target = redirects.getOrDefault(configured, configured);
        for (int redirect = 0; redirect <= MAX_REDIRECTS; redirect++) {
            SenderAnswer answer;
            try {
                answer = AnswerParser.parse(transport.exchange(target, frame), sent);
            } catch (IOException e) {
                if (!target.equals(configured) && redirect == 0) {
                    // The proxy of an earlier redirect is gone: the configured one knows better.
                    redirects.remove(configured);
                    target = configured;
                    continue;
                }
                redirects.remove(configured);
                throw e;
            }
            if (answer instanceof Counts counts) {
                lastServer = target;
                return counts;
            }
            if (answer instanceof Refused refused) {
                throw new IOException("refused: " + refused.info());
            }
            ZabbixServer to = ((Redirect) answer).to();
            if (to == null) {
                redirects.remove(configured);
                target = configured;
            } else {
                redirects.put(configured, to);
                target = to;
            }
        }
        redirects.remove(configured);
        throw new IOException("redirected more than " + MAX_REDIRECTS + " times");
    }

    /** The server or proxy that took the last packet, or null. */
    @Nullable
    ZabbixServer lastServer() {
        return lastServer;
    }

    private static String reason(IOException e) {
        if (e instanceof UnknownHostException) {
            return "the name is unknown";
        }
        String message = e.getMessage();
        if (e instanceof ConnectException && message != null && message.contains("refused")) {
            return "connection refused";
        }
        return message == null ? e.getClass().getSimpleName() : message;
    }

    @Override
    public void close() {
        transport.close();
    }
}
