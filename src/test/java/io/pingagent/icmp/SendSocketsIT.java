package io.pingagent.icmp;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.sys.IncomingMessages;
import io.pingagent.sys.NativeCallException;
import io.pingagent.sys.OutgoingMessages;
import io.pingagent.sys.RawSocket;
import io.pingagent.testkit.NetworkNamespace;
import io.pingagent.testkit.Requires;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real queues of a real kernel: neighbours that do not resolve, and an interface that is too slow. */
@Tag("root")
class SendSocketsIT {

    /** Some 80 small packets. */
    private static final int SMALL_BUFFER_BYTES = 64 << 10;

    private static final IcmpOptions OPTIONS = TestOptions.defaults();
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
        RawSocket socket = new SocketSetup(v6, OPTIONS, new DeviceBinding(v6, OPTIONS.source())).openSender();
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
            V4Header.prepare(message.packets(), 0, OPTIONS.marking());
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
    void kernelTellsWhatWaitsInAQueueFromWhatWaitsForANeighbour(boolean v6) throws Exception {
        namespace.check(
                "ip", "neigh", "add", v6 ? "fd00:77::9" : "10.77.0.9", "lladdr", "02:00:00:00:00:09", "dev", "v0");
        // A packet takes about a second.
        namespace.check(
                "tc", "qdisc", "add", "dev", "v0", "root", "tbf", "rate", "1kbit", "burst", "150", "limit", "9000");
        RecordingHandler heard = new RecordingHandler();
        namespace.call(() -> {
            EchoKey key = EchoKey.random();
            try (IcmpSocket socket = v6 ? IcmpSockets.openV6(OPTIONS, key, 77) : IcmpSockets.openV4(OPTIONS, key, 77)) {
                for (int sequence = 1; sequence <= 3; sequence++) {
                    socket.stampQueueing();
                    sendEcho(socket, v6, 9, sequence);
                }
                socket.stampQueueing();
                sendEcho(socket, v6, 10, 4);
                sendEcho(socket, v6, 9, 5);
                await().until(() -> {
                    while (socket.receiveTransmitStamps(heard) > 0) {
                        // More may wait.
                    }
                    return heard.transmitted.size() >= 1 && heard.queued.size() >= 3;
                });
            }
            return true;
        });
        assertEquals(
                List.of(1, 2, 3), heard.queued, "neither 4, whose neighbour is dead, nor 5, of which nobody asked");
        assertEquals(1, heard.transmitted.get(0).sequence());
        assertTrue(heard.transmitted.size() < 3, "the queue is slow: " + heard.transmitted);
    }

    private static void sendEcho(IcmpSocket socket, boolean v6, long host, int sequence) {
        long low = v6 ? host : V4_NETWORK + host;
        int errno = socket.sendEcho(v6 ? V6_NETWORK : 0, low, 0, 1, sequence, System.nanoTime(), sequence);
        assertEquals(0, errno, SendErrors.describe(errno));
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
