package io.pingagent.bench;

import com.google.gson.JsonObject;
import io.pingagent.sys.Errno;
import io.pingagent.sys.IncomingMessages;
import io.pingagent.sys.NativeCallException;
import io.pingagent.sys.OutgoingMessages;
import io.pingagent.sys.RawSocket;
import io.pingagent.sys.SocketConstants;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The limit that the engine is compared with: one thread sends packets made before, another reads what comes back and
 * forgets it. No stamps, no codec, no matching, no state.
 */
final class BareLoop {

    private static final int BATCH = 64;
    private static final int RECEIVE_BATCH = 256;
    private static final int PAYLOAD_BYTES = 56;
    private static final int PACKET_BYTES = 8 + PAYLOAD_BYTES;
    private static final int RECEIVE_BYTES = 60 + PACKET_BYTES;
    private static final int IDENTIFIER = 0x4242;
    private static final int BUFFER_BYTES = 64 << 20;
    private static final long DRAIN_NANOS = 1_500_000L;
    /** Everything but echo replies. */
    private static final int ICMP_FILTER_BITS = ~1;

    private final int addresses;
    private final boolean single;
    private final RawSocket socket;
    private final OutgoingMessages outgoing = new OutgoingMessages(false, BATCH, PACKET_BYTES);
    private final IncomingMessages incoming = new IncomingMessages(false, RECEIVE_BATCH, RECEIVE_BYTES);
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private volatile boolean stopSending;
    private volatile boolean stopReceiving;

    private BareLoop(int addresses, boolean single) throws NativeCallException {
        this.addresses = addresses;
        this.single = single;
        socket = RawSocket.open(SocketConstants.AF_INET, SocketConstants.IPPROTO_ICMP);
        socket.setOption("ICMP_FILTER", SocketConstants.SOL_RAW, SocketConstants.ICMP_FILTER, ICMP_FILTER_BITS);
        socket.setOption("SO_RCVBUFFORCE", SocketConstants.SOL_SOCKET, SocketConstants.SO_RCVBUFFORCE, BUFFER_BYTES);
        for (int i = 0; i < BATCH; i++) {
            writeRequest(outgoing.packets(), outgoing.packetOffset(i));
        }
    }

    private static void writeRequest(ByteBuffer packets, int offset) {
        packets.putShort(offset, (short) (8 << 8));
        packets.putShort(offset + 4, (short) IDENTIFIER);
        for (int i = 0; i < PAYLOAD_BYTES; i++) {
            packets.put(offset + 8 + i, (byte) (0x20 + i));
        }
        int sum = 0;
        for (int i = 0; i < PACKET_BYTES; i += 2) {
            sum += packets.getShort(offset + i) & 0xffff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        packets.putShort(offset + 2, (short) ~(sum + (sum >>> 16)));
    }

    /** Arguments: {@code addresses, single, warm, seconds}. */
    public static void main(String[] words) throws NativeCallException, IOException, InterruptedException {
        Child child = new Child(words);
        BareLoop loop = new BareLoop(child.number("addresses"), child.number("single") == 1);
        Thread receiver = new Thread(loop::receiveAll, "ping-recv");
        Thread sender = new Thread(loop::sendAll, "ping-send");
        receiver.start();
        sender.start();
        TimeUnit.SECONDS.sleep(child.number("warm"));
        long before = loop.sent.get();
        child.begin();
        TimeUnit.SECONDS.sleep(child.number("seconds"));
        JsonObject figures = new JsonObject();
        figures.addProperty("probes", loop.sent.get() - before);
        child.end(figures);
        loop.stopSending = true;
        sender.join();
        TimeUnit.MILLISECONDS.sleep(200);
        loop.stopReceiving = true;
        receiver.join();
        JsonObject last = new JsonObject();
        last.addProperty("lost", loop.sent.get() - loop.received.get());
        child.finish(last);
        loop.socket.close();
    }

    private void sendAll() {
        int next = 0;
        int slot = 0;
        while (!stopSending) {
            if (single) {
                outgoing.destination(slot, 0, AddressRange.bits(next), 0);
                next = next + 1 == addresses ? 0 : next + 1;
                int errno = socket.send(outgoing, slot);
                check(errno);
                slot = slot + 1 & BATCH - 1;
                sent.lazySet(sent.get() + (errno == 0 ? 1 : 0));
                continue;
            }
            for (int i = 0; i < BATCH; i++) {
                outgoing.destination(i, 0, AddressRange.bits(next), 0);
                next = next + 1 == addresses ? 0 : next + 1;
            }
            for (int done = 0; done < BATCH; ) {
                int result = socket.send(outgoing, done, BATCH);
                check(Math.max(0, -result));
                done += Math.max(0, result);
                sent.lazySet(sent.get() + Math.max(0, result));
            }
        }
    }

    private static void check(int errno) {
        if (errno != 0 && errno != Errno.EAGAIN && errno != Errno.ENOBUFS) {
            throw new IllegalStateException("send: " + Errno.describe(errno));
        }
    }

    private void receiveAll() {
        while (!stopReceiving) {
            int count = socket.receive(incoming);
            while (count > 0) {
                incoming.rearm(count);
                received.lazySet(received.get() + count);
                count = socket.receive(incoming);
            }
            LockSupport.parkNanos(DRAIN_NANOS);
        }
    }
}
