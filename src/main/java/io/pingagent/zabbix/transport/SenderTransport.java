package io.pingagent.zabbix.transport;

import io.pingagent.model.Problem;
import io.pingagent.model.ZabbixServer;
import java.io.IOException;
import java.util.List;

/**
 * The way of one packet to one server and of its answer back: one connection each, as the protocol wants it.
 * Used by several threads.
 */
public interface SenderTransport extends AutoCloseable {

    /**
     * Sends a framed request and waits for the answer, for a bounded time.
     *
     * @return the answer's data, without its frame
     * @throws IOException if there was no connection, no answer in time, or a broken one
     */
    byte[] exchange(ZabbixServer server, byte[] frame) throws IOException;

    /** What is wrong with its files, while others stay in use. Cheap. */
    default List<Problem> problems() {
        return List.of();
    }

    /** Ends the exchanges that are under way; later ones fail. */
    @Override
    void close();
}
