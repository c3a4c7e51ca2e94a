package io.pingagent.zabbix;

import io.pingagent.keyfile.KeyFileException;
import io.pingagent.zabbix.SenderAnswer.Counts;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Sends without buffer and threads: for {@code zabbix send} and for doctor. Used by one thread. */
public final class ZabbixOnce implements AutoCloseable {

    private final SenderClient client;
    private final String host;
    private final LongSupplier wallNanos;

    /**
     * @param servers tried in order; at least one
     * @param host the Zabbix host that owns the items
     * @param wallNanos Unix nanoseconds
     * @throws KeyFileException if a key or certificate cannot be read
     */
    public ZabbixOnce(List<ZabbixServer> servers, TlsSettings tls, String host, LongSupplier wallNanos)
            throws KeyFileException {
        this.client = SenderClient.of(servers, Transports.create(tls, SocketTransport.Limits.DEFAULT), wallNanos);
        this.host = host;
        this.wallNanos = wallNanos;
    }

    /**
     * What became of the values.
     *
     * @param server that took the last packet, or null if there was nothing to send
     * @param processed of known items
     * @param failed of unknown hosts or items, or not allowed
     */
    public record Outcome(@Nullable ZabbixServer server, int processed, int failed) {}

    /**
     * Sends values in as many packets as it takes.
     *
     * @throws ServerAwayException if no server takes them; the message says why for each
     */
    public Outcome send(List<ZabbixValue> values) throws ServerAwayException {
        int processed = 0;
        int failed = 0;
        for (int i = 0; i < values.size(); i += Delivery.PACKET) {
            Counts counts = client.send(values.subList(i, Math.min(values.size(), i + Delivery.PACKET)));
            processed += counts.processed();
            failed += counts.failed();
        }
        return new Outcome(client.lastServer(), processed, failed);
    }

    /**
     * Sends the agent's version, the one value that says nothing wrong while no agent runs (a heartbeat would hide that):
     * reachable if it returns, host and template in order if nothing failed. For doctor.
     *
     * @param version what a running agent would send, too
     * @throws ServerAwayException if no server takes it
     */
    public Outcome check(String version) throws ServerAwayException {
        return send(List.of(ZabbixValue.at(host, AgentItem.VERSION.key(), version, wallNanos.getAsLong())));
    }

    @Override
    public void close() {
        client.close();
    }
}
