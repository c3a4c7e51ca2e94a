package io.pingagent.icmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.icmp.sys.IncomingMessages;
import io.pingagent.icmp.sys.NativeCallException;
import io.pingagent.icmp.sys.OutgoingMessages;
import io.pingagent.icmp.sys.RawSocket;
import io.pingagent.testkit.NetworkNamespace;
import io.pingagent.testkit.Requires;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real queues of a real kernel: neighbours that do not resolve, and an interface that is too slow. */
class SendSocketsIT {

    /** Some 80 small packets. */
    private static final int SMALL_BUFFER_BYTES = 64 << 10;

    private static final IcmpOptions OPTIONS = IcmpOptions.defaults();
    private static final long V4_NETWORK = 0x0a4d_0000L;
    private static final long V6_NETWORK = 0xfd00_0077_0000_0000L;

    private NetworkNamespace namespace;

    @BeforeEach
    void network() throws IOException {
        Requires.rawSockets();
        Requires.networkNamespaces();
        namespace = NetworkNamespace.create("queues");
        namespace.check("ip", "link", "add", "v0", "type", "veth", "peer", "name", "v1");
        namespace.check("ip", "addr", "add", "10.77.0.1/16", "dev", "v0");
        namespace.check("ip", "addr", "add", "fd00:77::1/64", "dev", "v0", "nodad");
        namespace.check("ip", "link", "set", "v0", "up");
        namespace.check("ip", "link", "set", "v1", "up");
    }

    @AfterEach
    void close() {
        namespace.close();
    }

    private RawSocket open(boolean v6) {
        RawSocket socket = new SocketSetup(v6, OPTIONS, new DeviceBinding(v6, OPTIONS)).openSender();
        try {
            socket.requestSendBuffer(SMALL_BUFFER_BYTES);
        } catch (NativeCallException e) {
            throw new IllegalStateException(e);
        }
        return socket;
    }

    private SendSockets sockets(boolean v6) {
        return new SendSockets(open(v6), () -> open(v6), v6);
    }

    private static OutgoingMessages message(boolean v6) {
        EchoCodec codec = new EchoCodec(v6, OPTIONS.payloadBytes(), EchoKey.random());
        int offset = v6 ? 0 : V4Header.BYTES;
        OutgoingMessages message = new OutgoingMessages(v6, 1, offset + codec.packetBytes());
        if (!v6) {
            V4Header.prepare(message.packets(), 0, OPTIONS);
        }
        codec.prepare(message.packets(), offset);
        codec.encode(message.packets(), offset, 77, 1, 1, 1, 1);
        return message;
    }

    private static int send(SendSockets sockets, boolean v6, OutgoingMessages message, long host) {
        long low = v6 ? host : V4_NETWORK + host;
        message.destination(0, v6 ? V6_NETWORK : 0, low, 0);
        if (!v6) {
            V4Header.destination(message.packets(), 0, low);
        }
        return sockets.send(message, 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void packetsForDeadNeighboursTakeOneSocketAfterTheOtherAndNoneOfAnotherGroup(boolean v6) throws Exception {
        namespace.call(() -> {
            try (SendSockets silent = sockets(v6);
                    SendSockets answering = sockets(v6)) {
                OutgoingMessages message = message(v6);
                int taken = 0;
                int errno = 0;
                // One packet to each neighbour, so that no neighbour's own queue throws any away.
                for (int host = 0x100; host < 0x100 + 900 && errno == 0; host++) {
                    errno = send(silent, v6, message, host);
                    taken += errno == 0 ? 1 : 0;
                }
                assertTrue(silent.open().length > 3, () -> silent.open().length + " sockets");
                assertTrue(taken > 300, taken + " packets taken");
                assertTrue(errno == 0 || errno == SendErrors.EAGAIN, SendErrors.describe(errno));
                assertEquals(0, send(answering, v6, message, 1), "a packet to this machine itself");
                assertEquals(1, answering.open().length);
            }
            return true;
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fullQueueOnTheWayIsNotAFullSocket(boolean v6) throws Exception {
        String neighbour = v6 ? "fd00:77::9" : "10.77.0.9";
        namespace.check("ip", "neigh", "add", neighbour, "lladdr", "02:00:00:00:00:09", "dev", "v0");
        namespace.check(
                "tc", "qdisc", "add", "dev", "v0", "root", "tbf", "rate", "60kbit", "burst", "2000", "limit", "3000");
        namespace.call(() -> {
            try (SendSockets sockets = sockets(v6)) {
                OutgoingMessages message = message(v6);
                int errno = 0;
                for (int i = 0; i < 200 && errno == 0; i++) {
                    errno = send(sockets, v6, message, 9);
                }
                assertEquals(SendErrors.ENOBUFS, errno, SendErrors.describe(errno));
                assertEquals(1, sockets.open().length);
                assertEquals(0, send(sockets, v6, message, 1), "a packet to this machine itself");
            }
            return true;
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void senderReceivesNothing(boolean v6) throws Exception {
        namespace.call(() -> {
            try (SendSockets sockets = sockets(v6)) {
                OutgoingMessages message = message(v6);
                for (int i = 0; i < 10; i++) {
                    assertEquals(0, send(sockets, v6, message, 1));
                }
                assertEquals(0, sockets.open()[0].receive(new IncomingMessages(v6, 1, 256)));
            }
            return true;
        });
    }
}
