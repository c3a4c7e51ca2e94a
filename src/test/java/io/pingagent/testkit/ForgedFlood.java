package io.pingagent.testkit;

import io.pingagent.testkit.Behaviour.Answer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Forged replies and errors of every shape about requests that a {@link TunResponder} has seen, from a device of its own in
 * the same namespace. None of them is the answer of the probed address: whatever a prober makes of one is wrong. One thread.
 */
public final class ForgedFlood implements AutoCloseable {

    /** What is forged. */
    public enum Shape {
        /** The reply with another tag. */
        WRONG_TAG,
        /** The reply with one bit of its payload changed, so that the tag does not fit. */
        ALTERED,
        /** Same, with the old checksum. */
        CORRUPT,
        WRONG_IDENTIFIER,
        WRONG_SEQUENCE,
        /** The right reply from the address beside the probed one, which may be probed, too. */
        NEIGHBOUR,
        TRUNCATED,
        PADDED,
        GARBAGE,
        /** The right reply once more; only of requests that are answered. */
        REPLAY(true),
        /** An error with 8 bytes of the request, all of which can be guessed. */
        SHORT_QUOTE,
        /** Same, behind IP options or an extension header. */
        SHORT_QUOTE_BEHIND_OPTIONS,
        /** Same, filled up with zeros and with an extension behind it (RFC 4884). */
        SHORT_QUOTE_BEFORE_EXTENSION,
        /** An error that quotes more than 8 bytes, but not the tag. */
        QUOTE_WITHOUT_TAG,
        /** An error that quotes the whole request with zeros for the tag. */
        ZERO_TAG_QUOTED,
        /** An error that quotes the whole request with another tag. */
        WRONG_TAG_QUOTED,
        /** Same, behind IP options or an extension header. */
        WRONG_TAG_QUOTED_BEHIND_OPTIONS,
        /** An error that is right; only about requests that are answered. */
        REPLAYED_ERROR(true);

        private final boolean needsAnswered;

        Shape() {
            this(false);
        }

        Shape(boolean needsAnswered) {
            this.needsAnswered = needsAnswered;
        }

        /** Whether it is forged only if the request was answered before. */
        public boolean needsAnswered() {
            return needsAnswered;
        }

        /** Whether it could be an error about a probe in flight, if one believed what can be guessed. */
        public boolean isGuessedError() {
            return switch (this) {
                case SHORT_QUOTE,
                        SHORT_QUOTE_BEHIND_OPTIONS,
                        SHORT_QUOTE_BEFORE_EXTENSION,
                        QUOTE_WITHOUT_TAG,
                        ZERO_TAG_QUOTED -> true;
                default -> false;
            };
        }
    }

    private static final Answer[] ERRORS =
            Arrays.stream(Answer.values()).filter(Answer::isError).toArray(Answer[]::new);

    private static final int MTU = 1500;
    private static final int TAG = 32;
    private static final int TAG_BYTES = 8;
    private static final int EXTENDED_QUOTE = 128;
    /** An MPLS label stack of one entry. */
    private static final byte[] EXTENSION = {
        0x20, 0, (byte) 0x9a, (byte) 0xc6, 0, 8, 1, 1, 0x12, 0x34, 0x51, (byte) 0xff
    };

    /** Of a socket buffer of megabytes: what a prober that is held up can always catch up with. */
    private static final long MOST_QUEUED_BYTES = 128 << 10;

    private final NetworkNamespace namespace;
    private final TunDevice device;
    private final SplittableRandom random = new SplittableRandom(12);
    private final AnswerForge forge = new AnswerForge(random.split(), MTU);
    private final EchoRequest request = new EchoRequest();
    private final byte[] out = new byte[MTU + 64];

    private ForgedFlood(NetworkNamespace namespace, TunDevice device) {
        this.namespace = namespace;
        this.device = device;
    }

    /** One in the namespace of a {@link TunResponder}, to whose address it sends. */
    public static ForgedFlood in(NetworkNamespace namespace) throws IOException {
        TunDevice device = namespace.call(() -> TunDevice.open("forger", MTU));
        try {
            namespace.check("sh", "-c", "echo 0 >/proc/sys/net/ipv4/conf/forger/rp_filter");
            namespace.check("ip", "link", "set", "forger", "mtu", Integer.toString(MTU), "up");
            return new ForgedFlood(namespace, device);
        } catch (IOException | RuntimeException e) {
            device.close();
            throw e;
        }
    }

    /** Forges one packet; false if the kernel did not take it. */
    public boolean send(TunResponder.Request seen, Shape shape) {
        byte[] packet = packetOf(seen);
        Answer error = ERRORS[random.nextInt(ERRORS.length)];
        Behaviour behaviour = Behaviour.honest();
        Answer answer = switch (shape) {
            case WRONG_TAG -> {
                changeTag(packet, seen);
                yield Answer.ECHO;
            }
            case ALTERED -> Answer.FORGED;
            case CORRUPT -> Answer.CORRUPT;
            case WRONG_IDENTIFIER -> Answer.WRONG_IDENTIFIER;
            case WRONG_SEQUENCE -> Answer.WRONG_SEQUENCE;
            case NEIGHBOUR -> Answer.FOREIGN_SOURCE;
            case TRUNCATED -> {
                behaviour = behaviour.truncatedTo(random.nextInt(seen.payloadLength()));
                yield Answer.TRUNCATED;
            }
            case PADDED -> Answer.PADDED;
            case GARBAGE -> Answer.GARBAGE;
            case REPLAY -> Answer.ECHO;
            case SHORT_QUOTE, SHORT_QUOTE_BEFORE_EXTENSION -> {
                behaviour = behaviour.quoting(EchoRequest.ICMP_HEADER);
                yield error;
            }
            case SHORT_QUOTE_BEHIND_OPTIONS -> {
                behaviour = behaviour.quoting(EchoRequest.ICMP_HEADER).withOptionsInQuote();
                yield error;
            }
            case QUOTE_WITHOUT_TAG -> {
                behaviour = behaviour.quoting(EchoRequest.ICMP_HEADER + 1 + random.nextInt(TAG - 2));
                yield error;
            }
            case ZERO_TAG_QUOTED -> {
                int tag = headerBytes(seen) + TAG;
                Arrays.fill(packet, tag, tag + TAG_BYTES, (byte) 0);
                yield error;
            }
            case WRONG_TAG_QUOTED -> {
                changeTag(packet, seen);
                yield error;
            }
            case WRONG_TAG_QUOTED_BEHIND_OPTIONS -> {
                changeTag(packet, seen);
                behaviour = behaviour.withOptionsInQuote();
                yield error;
            }
            case REPLAYED_ERROR -> error;
        };
        request.read(packet, packet.length);
        int length = forge.forge(behaviour, answer, request, out);
        if (shape == Shape.SHORT_QUOTE_BEFORE_EXTENSION && answer != Answer.TOO_BIG) {
            length = extend(seen, length);
        }
        return device.write(out, length);
    }

    /** Never back to the right one. */
    private void changeTag(byte[] packet, TunResponder.Request seen) {
        packet[headerBytes(seen) + TAG + random.nextInt(TAG_BYTES)] ^= (byte) (1 + random.nextInt(255));
    }

    private static int headerBytes(TunResponder.Request seen) {
        return seen.destination().isV6() ? EchoRequest.V6_HEADER : EchoRequest.V4_HEADER;
    }

    /** The request's packet again, but for checksums and what nobody answers to. */
    private static byte[] packetOf(TunResponder.Request seen) {
        boolean isV6 = seen.destination().isV6();
        int header = headerBytes(seen);
        int icmpBytes = EchoRequest.ICMP_HEADER + seen.payloadLength();
        ByteBuffer packet = ByteBuffer.allocate(header + icmpBytes);
        if (isV6) {
            packet.putInt(0x6000_0000).putShort((short) icmpBytes);
            packet.put((byte) EchoRequest.PROTOCOL_ICMPV6).put((byte) seen.hopLimit());
            packet.putLong(seen.source().high()).putLong(seen.source().low());
            packet.putLong(seen.destination().high()).putLong(seen.destination().low());
        } else {
            packet.putShort((short) 0x4500).putShort((short) packet.capacity()).putInt(0x4000);
            packet.put((byte) seen.hopLimit())
                    .put((byte) EchoRequest.PROTOCOL_ICMP)
                    .putShort((short) 0);
            packet.putInt(seen.source().v4Bits()).putInt(seen.destination().v4Bits());
        }
        packet.put((byte) (isV6 ? 128 : 8)).put((byte) 0).putShort((short) 0);
        packet.putShort((short) seen.identifier()).putShort((short) seen.sequence());
        packet.put(seen.payloadHead().duplicate().rewind());
        for (int value = 0x20; packet.hasRemaining(); value++) {
            packet.put((byte) value);
        }
        return packet.array();
    }

    /** RFC 4884: the quote is filled up to 128 bytes, its length is stated, and an extension follows. */
    private int extend(TunResponder.Request seen, int length) {
        boolean isV6 = seen.destination().isV6();
        int icmp = headerBytes(seen);
        int end = icmp + EchoRequest.ICMP_HEADER + EXTENDED_QUOTE;
        Arrays.fill(out, length, end, (byte) 0);
        System.arraycopy(EXTENSION, 0, out, end, EXTENSION.length);
        int extended = end + EXTENSION.length;
        int icmpBytes = extended - icmp;
        ByteBuffer packet = ByteBuffer.wrap(out);
        packet.put(icmp + (isV6 ? 4 : 5), (byte) (EXTENDED_QUOTE / (isV6 ? 8 : 4)));
        long sum = 0;
        if (isV6) {
            packet.putShort(4, (short) icmpBytes);
            sum = Checksum.add(icmpBytes + (long) EchoRequest.PROTOCOL_ICMPV6, out, 8, 32);
        } else {
            packet.putShort(2, (short) extended).putShort(10, (short) 0);
            packet.putShort(10, (short) Checksum.finish(Checksum.add(0, out, 0, icmp)));
        }
        packet.putShort(icmp + 2, (short) 0);
        packet.putShort(icmp + 2, (short) Checksum.finish(Checksum.add(sum, out, icmp, icmpBytes)));
        return extended;
    }

    /** Waits until the namespace's raw sockets have been read so far that nothing will be dropped for want of room. */
    public void awaitRoom() throws IOException {
        while (queuedBytes() > MOST_QUEUED_BYTES) {
            LockSupport.parkNanos(500_000);
        }
    }

    private long queuedBytes() throws IOException {
        return namespace.call(() -> Math.max(longestQueue("raw"), longestQueue("raw6")));
    }

    /** The fifth column is {@code tx_queue:rx_queue}, in hexadecimal. */
    private static long longestQueue(String table) throws IOException {
        long longest = 0;
        for (String line : Files.readAllLines(Path.of("/proc/thread-self/net", table))) {
            String[] columns = line.strip().split("\\s+", -1);
            int colon = columns[4].indexOf(':');
            if (colon > 0) {
                longest = Math.max(longest, Long.parseLong(columns[4].substring(colon + 1), 16));
            }
        }
        return longest;
    }

    @Override
    public void close() {
        device.close();
    }
}
