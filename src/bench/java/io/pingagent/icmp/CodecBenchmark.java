package io.pingagent.icmp;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Writing an echo request, and judging a reply with its IP header. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CodecBenchmark {

    private static final int IDENTIFIER = 0x4242;
    private static final int IP_HEADER_BYTES = 20;
    private static final int PAYLOAD_BYTES = 56;

    private final EchoCodec codec = new EchoCodec(false, PAYLOAD_BYTES, EchoKey.random());
    private final PacketDecoder decoder = new PacketDecoder(false, codec, new EchoIdentifiers(IDENTIFIER));
    private final ByteBuffer request = ByteBuffer.allocateDirect(codec.packetBytes());
    private final ByteBuffer reply = ByteBuffer.allocateDirect(IP_HEADER_BYTES + codec.packetBytes());
    private final Replies replies = new Replies();
    private int sequence;

    /** Makes a reply of a request as the kernel would. */
    public CodecBenchmark() {
        codec.prepare(request, 0);
        codec.prepare(reply, IP_HEADER_BYTES);
        codec.encode(reply, IP_HEADER_BYTES, IDENTIFIER, 1, 2, 3, 4);
        reply.put(0, (byte) 0x45);
        reply.putShort(2, (short) reply.capacity());
        reply.put(8, (byte) 64);
        reply.put(9, (byte) 1);
        reply.putInt(12, 0x7f10_0001);
        reply.put(IP_HEADER_BYTES, (byte) EchoCodec.V4_REPLY);
        int sum = (reply.getShort(IP_HEADER_BYTES + EchoCodec.CHECKSUM) & 0xffff) + (EchoCodec.V4_REQUEST << 8);
        reply.putShort(IP_HEADER_BYTES + EchoCodec.CHECKSUM, (short) (sum + (sum >>> 16)));
        if (decode() != 1) {
            throw new IllegalStateException("the reply is refused");
        }
    }

    @Benchmark
    public ByteBuffer encode() {
        codec.encode(request, 0, IDENTIFIER, 7, sequence++, 1_700_000_000_000_000_000L, 1_000_000_000L);
        return request;
    }

    @Benchmark
    public int decode() {
        decoder.decodeV4(reply, 0, reply.capacity(), 5, replies);
        return replies.count;
    }

    private static final class Replies implements IcmpHandler {

        private int count;

        @Override
        public void echoReply(
                int cookie,
                int sequence,
                long sentWallNanos,
                long sentMonotonicNanos,
                long receivedWallNanos,
                long sourceHigh,
                long sourceLow,
                int hopLimit) {
            count++;
        }

        @Override
        public void error(
                IcmpError reason,
                int cookie,
                int sequence,
                long destinationHigh,
                long destinationLow,
                long routerHigh,
                long routerLow) {
            throw new IllegalStateException(reason.toString());
        }

        @Override
        public void rejected(Rejection reason) {
            throw new IllegalStateException(reason.toString());
        }
    }
}
