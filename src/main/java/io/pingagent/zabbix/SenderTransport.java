package io.pingagent.zabbix;

import java.io.IOException;

/**
 * The way of one packet to one server and of its answer back: one connection each, as the protocol wants it.
 * Used by several threads.
 */
interface SenderTransport extends AutoCloseable {

    /**
     * Sends a framed request and waits for the answer, for a bounded time.
     *
     * @return the answer's data, without its frame
     * @throws IOException if there was no connection, no answer in time, or a broken one
     */
    byte[] exchange(ZabbixServer server, byte[] frame) throws IOException;

    /** Ends the exchanges that are under way; later ones fail. */
    @Override
    void close();
}
