package io.pingagent.testkit;

import io.pingagent.model.IpAddress;
import io.pingagent.testkit.Behaviour.Answer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Builds the packets that a {@link Behaviour} asks for, right and wrong ones. One thread. */
final class AnswerForge {

    /** Routers that send errors unless a behaviour names another; nobody is asked to route to them. */
    static final IpAddress ROUTER_V4 = IpAddress.v4(0x0a0800fe);

    static final IpAddress ROUTER_V6 = IpAddress.v6(0xfd00_0008_0000_0000L, 0xfe, 0);

    private static final int OPTIONS = 8;
    private static final int DESTINATION_OPTIONS = 60;
    private static final int PADDING = 16;
    private static final int LONGEST_GARBAGE = 72;
    private static final int TOO_BIG_MTU = 1280;

    private final SplittableRandom random;
    private final int mtu;
    private byte[] out = new byte[0];

    AnswerForge(SplittableRandom random, int mtu) {
        this.random = random;
        this.mtu = mtu;
    }

    /**
     * @param out takes the packet, of at least the MTU
     * @return its length
     */
    int forge(Behaviour behaviour, Answer answer, EchoRequest request, byte[] out) {
        this.out = out;
        boolean isV6 = request.isV6;
        int options = behaviour.options ? OPTIONS : 0;
        int start = (isV6 ? EchoRequest.V6_HEADER : EchoRequest.V4_HEADER) + options;
        int length = answer.isError()
                ? putError(behaviour, answer, request, start)
                : answer == Answer.GARBAGE ? putGarbage(request, start) : putEcho(behaviour, answer, request, start);

        IpAddress source = source(behaviour.from, answer, isV6);
        boolean swapped = answer == Answer.FOREIGN_SOURCE && behaviour.from == null;
        long sourceHigh = source == null ? request.destinationHigh : source.high();
        // Without a source given, the foreigner is the neighbour: often an address that is probed as well.
        long sourceLow = source == null ? request.destinationLow ^ (swapped ? 1 : 0) : source.low();
        int hopLimit = behaviour.hopLimit;
        if (isV6) {
            putV6Header(request, sourceHigh, sourceLow, length, hopLimit, options);
        } else {
            putV4Header(request, (int) sourceLow, length, hopLimit, options);
        }

        if (answer == Answer.GARBAGE && (!isV6 || length < 4)) {
            // Whatever is there; the kernel lets IPv6 through only with a right checksum.
            return start + length;
        }
        put16(start + 2, 0);
        long sum = isV6 ? Checksum.add(length + (long) EchoRequest.PROTOCOL_ICMPV6, out, 8, 32) : 0;
        put16(start + 2, Checksum.finish(Checksum.add(sum, out, start, length)));
        if (answer == Answer.CORRUPT) {
            flipOneBit(start, length);
        }
        return start + length;
    }

    private static @Nullable IpAddress source(@Nullable IpAddress asked, Answer answer, boolean isV6) {
        if (asked != null && asked.isV6() == isV6 && (answer.isError() || answer == Answer.FOREIGN_SOURCE)) {
            return asked;
        }
        return !answer.isError() ? null : isV6 ? ROUTER_V6 : ROUTER_V4;
    }

    private int putEcho(Behaviour behaviour, Answer answer, EchoRequest request, int start) {
        int length = request.icmpLength;
        System.arraycopy(request.packet, request.icmpStart, out, start, length);
        out[start] = (byte) (request.isV6 ? 129 : 0);
        switch (answer) {
            case FORGED -> flipOneBit(start, length);
            case TRUNCATED -> length = Math.min(length, EchoRequest.ICMP_HEADER + behaviour.truncatedBytes);
            case PADDED -> {
                int padding = Math.max(0, Math.min(PADDING, mtu - start - length));
                Arrays.fill(out, start + length, start + length + padding, (byte) 0);
                length += padding;
            }
            case WRONG_IDENTIFIER -> put16(start + 4, request.identifier ^ 0x5a5a);
            case WRONG_SEQUENCE -> put16(start + 6, request.sequence + 1);
            default -> {}
        }
        return length;
    }

    /** In the payload if there is one, else in the identifier. */
    private void flipOneBit(int start, int length) {
        int payload = length - EchoRequest.ICMP_HEADER;
        int at = payload > 0 ? start + EchoRequest.ICMP_HEADER + random.nextInt(payload) : start + 4;
        out[at] ^= (byte) (1 << random.nextInt(8));
    }

    private int putGarbage(EchoRequest request, int start) {
        int length = random.nextInt(LONGEST_GARBAGE);
        for (int i = 0; i < length; i++) {
            out[start + i] = (byte) random.nextInt();
        }
        if (length > 1 && random.nextBoolean()) {
            out[start] = (byte) (request.isV6 ? 129 : 0);
            out[start + 1] = 0;
        }
        if (length >= EchoRequest.ICMP_HEADER && random.nextBoolean()) {
            put16(start + 4, request.identifier);
        }
        return length;
    }

    private int putError(Behaviour behaviour, Answer answer, EchoRequest request, int start) {
        int typeAndCode = request.isV6 ? v6TypeAndCode(answer) : v4TypeAndCode(answer);
        put16(start, typeAndCode);
        put16(start + 4, 0);
        put16(start + 6, answer == Answer.TOO_BIG ? TOO_BIG_MTU : 0);

        int quote = start + EchoRequest.ICMP_HEADER;
        int plainHeader = request.isV6 ? EchoRequest.V6_HEADER : request.icmpStart;
        int header = plainHeader;
        System.arraycopy(request.packet, 0, out, quote, plainHeader);
        if (behaviour.optionsInQuote) {
            header += putOptions(quote, plainHeader, request.isV6);
            if (request.isV6) {
                put16(quote + 4, request.icmpLength + OPTIONS);
            } else {
                out[quote] = (byte) (0x40 | header / 4);
                put16(quote + 2, header + request.icmpLength);
            }
        }
        if (answer == Answer.TIME_EXCEEDED) {
            out[quote + (request.isV6 ? 7 : 8)] = 0;
        }
        if (!request.isV6) {
            put16(quote + 10, 0);
            put16(quote + 10, Checksum.finish(Checksum.add(0, out, quote, header)));
        }
        int room = (request.isV6 ? Math.min(mtu, TOO_BIG_MTU) : mtu) - quote - header;
        int quoted = Math.min(room, Math.min(behaviour.quotedBytes, request.icmpLength));
        System.arraycopy(request.packet, request.icmpStart, out, quote + header, quoted);
        return EchoRequest.ICMP_HEADER + header + quoted;
    }

    private static int v4TypeAndCode(Answer answer) {
        return switch (answer) {
            case NET_UNREACHABLE -> 3 << 8;
            case HOST_UNREACHABLE -> 3 << 8 | 1;
            case PORT_UNREACHABLE -> 3 << 8 | 3;
            case TOO_BIG -> 3 << 8 | 4;
            case ADMIN_PROHIBITED -> 3 << 8 | 13;
            case TIME_EXCEEDED -> 11 << 8;
            case PARAMETER_PROBLEM -> 12 << 8;
            default -> throw new IllegalArgumentException(answer + " is no error");
        };
    }

    private static int v6TypeAndCode(Answer answer) {
        return switch (answer) {
            case NET_UNREACHABLE -> 1 << 8;
            case ADMIN_PROHIBITED -> 1 << 8 | 1;
            case HOST_UNREACHABLE -> 1 << 8 | 3;
            case PORT_UNREACHABLE -> 1 << 8 | 4;
            case TOO_BIG -> 2 << 8;
            case TIME_EXCEEDED -> 3 << 8;
            case PARAMETER_PROBLEM -> 4 << 8;
            default -> throw new IllegalArgumentException(answer + " is no error");
        };
    }

    /** Eight bytes that mean nothing: no-operations (IPv6: a destination options header with padding). */
    private int putOptions(int headerStart, int headerLength, boolean isV6) {
        int at = headerStart + headerLength;
        if (isV6) {
            out[headerStart + 6] = DESTINATION_OPTIONS;
            out[at] = EchoRequest.PROTOCOL_ICMPV6;
            out[at + 1] = 0;
            out[at + 2] = 1;
            out[at + 3] = 4;
            Arrays.fill(out, at + 4, at + OPTIONS, (byte) 0);
        } else {
            Arrays.fill(out, at, at + OPTIONS - 1, (byte) 1);
            out[at + OPTIONS - 1] = 0;
        }
        return OPTIONS;
    }

    private void putV4Header(EchoRequest request, int source, int length, int hopLimit, int options) {
        int header = EchoRequest.V4_HEADER + options;
        out[0] = (byte) (0x40 | header / 4);
        out[1] = (byte) request.trafficClass;
        put16(2, header + length);
        put16(4, 0);
        put16(6, 0);
        out[8] = (byte) hopLimit;
        out[9] = EchoRequest.PROTOCOL_ICMP;
        put16(10, 0);
        put32(12, source);
        put32(16, (int) request.sourceLow);
        if (options > 0) {
            putOptions(0, EchoRequest.V4_HEADER, false);
        }
        put16(10, Checksum.finish(Checksum.add(0, out, 0, header)));
    }

    private void putV6Header(
            EchoRequest request, long sourceHigh, long sourceLow, int length, int hopLimit, int options) {
        put16(0, 0x6000 | request.trafficClass << 4);
        put16(2, 0);
        put16(4, options + length);
        out[6] = EchoRequest.PROTOCOL_ICMPV6;
        out[7] = (byte) hopLimit;
        put64(8, sourceHigh);
        put64(16, sourceLow);
        put64(24, request.sourceHigh);
        put64(32, request.sourceLow);
        if (options > 0) {
            putOptions(0, EchoRequest.V6_HEADER, true);
        }
    }

    private void put16(int at, int value) {
        out[at] = (byte) (value >>> 8);
        out[at + 1] = (byte) value;
    }

    private void put32(int at, int value) {
        put16(at, value >>> 16);
        put16(at + 2, value);
    }

    private void put64(int at, long value) {
        put32(at, (int) (value >>> 32));
        put32(at + 4, (int) value);
    }
}
