package io.pingagent.zabbix;

import io.pingagent.base.OwnedBy;
import io.pingagent.base.ServiceUnreachableException;
import io.pingagent.keyfile.KeyFileException;
import io.pingagent.model.TlsSettings;
import io.pingagent.model.ZabbixServer;
import io.pingagent.model.ZabbixValue;
import io.pingagent.zabbix.delivery.Delivery;
import io.pingagent.zabbix.sender.SenderAnswer.Counts;
import io.pingagent.zabbix.sender.SenderClient;
import io.pingagent.zabbix.sender.ServerUnreachableException;
import io.pingagent.zabbix.transport.SocketTransport;
import io.pingagent.zabbix.transport.Transports;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Sends without buffer and threads: for {@code zabbix send}. */
@OwnedBy("caller")
public final class OneShotSender implements AutoCloseable {

    private final SenderClient client;

    /**
     * @param servers tried in order; at least one
     * @param wallNanos Unix nanoseconds
     * @throws KeyFileException if a key or certificate cannot be read
     */
    public OneShotSender(List<ZabbixServer> servers, TlsSettings tls, LongSupplier wallNanos) throws KeyFileException {
        this.client = SenderClient.of(servers, Transports.create(tls, SocketTransport.Limits.DEFAULT), wallNanos);
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
     * @throws ServiceUnreachableException if no server takes them; the message says why for each
     */
    public Outcome send(List<ZabbixValue> values) {
        int processed = 0;
        int failed = 0;
        try {
            for (int i = 0; i < values.size(); i += Delivery.PACKET) {
                Counts counts = client.send(values.subList(i, Math.min(values.size(), i + Delivery.PACKET)));
                processed += counts.processed();
                failed += counts.failed();
            }
        } catch (ServerUnreachableException e) {
            throw new ServiceUnreachableException(e.getMessage() + "; see 'ping-agent doctor'", e);
        }
        return new Outcome(client.lastServer(), processed, failed);
    }

    @Override
    public void close() {
        client.close();
    }
}
