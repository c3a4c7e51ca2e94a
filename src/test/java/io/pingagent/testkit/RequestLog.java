package io.pingagent.testkit;

import io.pingagent.model.IpAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Every request that a {@link TunResponder} saw, in arrays of primitives, 4,096 requests to a block: about 90 bytes
 * each, 58 without the payload. Any thread.
 */
final class RequestLog {

    static final int HEAD = 32;
    private static final int BLOCK = 4096;

    /** One block. Flags: bit 0 IPv6, bit 1 don't fragment, bit 2 answered. */
    private static final class Block {
        final long[] timeNanos = new long[BLOCK];
        final long[] sourceHigh = new long[BLOCK];
        final long[] sourceLow = new long[BLOCK];
        final long[] destinationHigh = new long[BLOCK];
        final long[] destinationLow = new long[BLOCK];
        final int[] identifierAndSequence = new int[BLOCK];
        final byte[] hopLimit = new byte[BLOCK];
        final byte[] trafficClass = new byte[BLOCK];
        final byte[] flags = new byte[BLOCK];
        final short[] payloadLength = new short[BLOCK];
        final byte[] heads;

        Block(boolean withHeads) {
            heads = new byte[withHeads ? BLOCK * HEAD : 0];
        }
    }

    private final long limit;
    private final boolean withHeads;
    private final List<Block> blocks = new ArrayList<>();
    private long size;

    RequestLog(long limit, boolean withHeads) {
        this.limit = limit;
        this.withHeads = withHeads;
    }

    /** False if the log is full. */
    synchronized boolean add(EchoRequest request, long nowNanos, boolean answered) {
        if (size >= limit) {
            return false;
        }
        int at = (int) (size % BLOCK);
        if (at == 0) {
            blocks.add(new Block(withHeads));
        }
        Block block = blocks.get(blocks.size() - 1);
        block.timeNanos[at] = nowNanos;
        block.sourceHigh[at] = request.sourceHigh;
        block.sourceLow[at] = request.sourceLow;
        block.destinationHigh[at] = request.destinationHigh;
        block.destinationLow[at] = request.destinationLow;
        block.identifierAndSequence[at] = request.identifier << 16 | request.sequence;
        block.hopLimit[at] = (byte) request.hopLimit;
        block.trafficClass[at] = (byte) request.trafficClass;
        block.flags[at] = (byte) ((request.isV6 ? 1 : 0) | (request.dontFragment ? 2 : 0) | (answered ? 4 : 0));
        int payload = request.icmpLength - EchoRequest.ICMP_HEADER;
        block.payloadLength[at] = (short) payload;
        if (withHeads) {
            System.arraycopy(
                    request.packet,
                    request.icmpStart + EchoRequest.ICMP_HEADER,
                    block.heads,
                    at * HEAD,
                    Math.min(HEAD, payload));
        }
        size++;
        return true;
    }

    synchronized void clear() {
        blocks.clear();
        size = 0;
    }

    synchronized List<TunResponder.Request> all() {
        List<TunResponder.Request> all = new ArrayList<>((int) size);
        for (long i = 0; i < size; i++) {
            all.add(request(blocks.get((int) (i / BLOCK)), (int) (i % BLOCK)));
        }
        return all;
    }

    synchronized List<TunResponder.Request> to(IpAddress destination) {
        List<TunResponder.Request> found = new ArrayList<>();
        for (long i = 0; i < size; i++) {
            Block block = blocks.get((int) (i / BLOCK));
            int at = (int) (i % BLOCK);
            if (isTo(block, at, destination)) {
                found.add(request(block, at));
            }
        }
        return found;
    }

    synchronized long[] timesTo(IpAddress destination) {
        long[] times = new long[16];
        int count = 0;
        for (long i = 0; i < size; i++) {
            Block block = blocks.get((int) (i / BLOCK));
            int at = (int) (i % BLOCK);
            if (isTo(block, at, destination)) {
                if (count == times.length) {
                    times = Arrays.copyOf(times, 2 * count);
                }
                times[count++] = block.timeNanos[at];
            }
        }
        return Arrays.copyOf(times, count);
    }

    /** All in one pass. */
    synchronized Map<IpAddress, long[]> times() {
        Map<IpAddress, List<Long>> lists = new TreeMap<>();
        for (long i = 0; i < size; i++) {
            Block block = blocks.get((int) (i / BLOCK));
            int at = (int) (i % BLOCK);
            lists.computeIfAbsent(destination(block, at), address -> new ArrayList<>())
                    .add(block.timeNanos[at]);
        }
        Map<IpAddress, long[]> times = new TreeMap<>();
        lists.forEach((address, list) ->
                times.put(address, list.stream().mapToLong(Long::longValue).toArray()));
        return times;
    }

    private static boolean isTo(Block block, int at, IpAddress destination) {
        return block.destinationLow[at] == destination.low()
                && block.destinationHigh[at] == destination.high()
                && ((block.flags[at] & 1) != 0) == destination.isV6();
    }

    private static IpAddress destination(Block block, int at) {
        return new IpAddress((block.flags[at] & 1) != 0, block.destinationHigh[at], block.destinationLow[at], 0);
    }

    private static TunResponder.Request request(Block block, int at) {
        boolean isV6 = (block.flags[at] & 1) != 0;
        int payloadLength = block.payloadLength[at] & 0xffff;
        byte[] head = block.heads.length == 0
                ? new byte[0]
                : Arrays.copyOfRange(block.heads, at * HEAD, at * HEAD + Math.min(HEAD, payloadLength));
        return new TunResponder.Request(
                block.timeNanos[at],
                destination(block, at),
                new IpAddress(isV6, block.sourceHigh[at], block.sourceLow[at], 0),
                block.identifierAndSequence[at] >>> 16,
                block.identifierAndSequence[at] & 0xffff,
                block.hopLimit[at] & 0xff,
                block.trafficClass[at] & 0xff,
                (block.flags[at] & 2) != 0,
                payloadLength,
                ByteBuffer.wrap(head).asReadOnlyBuffer(),
                (block.flags[at] & 4) != 0);
    }
}
