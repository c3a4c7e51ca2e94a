package io.pingagent.zabbix.transport;

import io.pingagent.model.ZabbixServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/**
 * Unencrypted TCP.
 *
 * <p>The requests are made with zabbix-sender's types ({@code PacketEncoder}), but the socket is our own.
 * {@code ZabbixSender.send} has these faults:
 *
 * <ul>
 *   <li>It reads the answer with a single {@code read} into a fixed buffer. A short one throws
 *       {@code StringIndexOutOfBoundsException}, a slow one counts as cut.
 *   <li>It splits the counts without checking them.
 *   <li>It takes an empty answer for a result.
 *   <li>It knows neither zlib nor redirects nor a deadline.
 * </ul>
 */
public final class PlainTransport extends SocketTransport {

    public PlainTransport(Limits limits) {
        super(limits);
    }

    @Override
    Channel open(Socket socket, ZabbixServer server) {
        return new Channel() {
            @Override
            public InputStream input() throws IOException {
                return socket.getInputStream();
            }

            @Override
            public OutputStream output() throws IOException {
                return socket.getOutputStream();
            }

            @Override
            public void finish() {}
        };
    }
}
