package io.pingagent.zabbix.transport;

import io.pingagent.model.ZabbixServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/**
 * Unencrypted TCP.
 *
 * <p>The requests are made with zabbix-sender's types ({@code PacketEncoder}), the socket is our own:
 * {@code ZabbixSender.send} reads the answer with a single {@code read} into a fixed buffer (a short one throws
 * {@code StringIndexOutOfBoundsException}, a slow one counts as cut), splits the counts without checking them, takes an
 * empty answer for a result, and knows neither zlib nor redirects nor a deadline.
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
