package io.pingagent.trace;

import io.pingagent.base.Utf8;
import io.pingagent.model.IpAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A path in few bytes: some 10 for an IPv4 hop, 22 for one of IPv6.
 *
 * <pre>{@code
 * s64 wall_millis;      // 0
 * u8  reached;          // 8
 * u8  first_hop;        // 9
 * u8  hops;             // 10
 * struct {              // of each hop
 *     u8  kind;         // 0 silent, 4, 6
 *     u8  note_bytes;
 *     u8  address[];    // 0, 4 or 16 bytes
 *     u32 rtt;          // microseconds; only with an address
 *     u8  note[];
 * };
 * }</pre>
 */
final class PackedPath {

    private static final int HEADER_BYTES = 11;
    private static final int HOP_BYTES = 22;
    private static final long UNIT_NANOS = 1_000;
    private static final int MOST_NOTE_BYTES = 120;

    private final byte[] bytes;

    private PackedPath(byte[] bytes) {
        this.bytes = bytes;
    }

    static PackedPath of(TracedPath path) {
        int notes = path.hops().stream().mapToInt(hop -> note(hop).length).sum();
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + path.hops().size() * HOP_BYTES + notes);
        out.putLong(path.wallMillis())
                .put((byte) (path.reached() ? 1 : 0))
                .put((byte) path.firstHop())
                .put((byte) path.hops().size());
        for (Hop hop : path.hops()) {
            IpAddress address = hop.address();
            byte[] note = note(hop);
            out.put((byte) (address == null ? 0 : address.isV6() ? 6 : 4)).put((byte) note.length);
            if (address != null) {
                if (address.isV6()) {
                    out.putLong(address.high()).putLong(address.low());
                } else {
                    out.putInt(address.v4Bits());
                }
                out.putInt((int) Math.min(0xffff_ffffL, (hop.rttNanos() + UNIT_NANOS / 2) / UNIT_NANOS));
            }
            out.put(note);
        }
        byte[] exact = new byte[out.position()];
        out.flip().get(exact);
        return new PackedPath(exact);
    }

    private static byte[] note(Hop hop) {
        byte[] note = Utf8.bytes(hop.note());
        return note.length <= MOST_NOTE_BYTES ? note : Arrays.copyOf(note, MOST_NOTE_BYTES);
    }

    TracedPath path() {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        long wallMillis = in.getLong();
        boolean reached = in.get() != 0;
        int firstHop = in.get() & 0xff;
        int count = in.get() & 0xff;
        List<Hop> hops = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int kind = in.get();
            byte[] note = new byte[in.get()];
            IpAddress address = kind == 0
                    ? null
                    : kind == 6 ? IpAddress.v6(in.getLong(), in.getLong(), 0) : IpAddress.v4(in.getInt());
            long rttNanos = kind == 0 ? 0 : (in.getInt() & 0xffff_ffffL) * UNIT_NANOS;
            in.get(note);
            hops.add(new Hop(address, rttNanos, new String(note, StandardCharsets.UTF_8)));
        }
        return new TracedPath(wallMillis, reached, firstHop, hops);
    }

    long wallMillis() {
        return ByteBuffer.wrap(bytes).getLong(0);
    }
}
