package io.pingagent.probe.validity;

import io.pingagent.base.OwnedBy;
import io.pingagent.icmp.IcmpError;
import java.util.Arrays;

/**
 * What ICMP errors said about probes in flight whose quote was too short to prove that the sender had seen the probe.
 * Anybody can make one up, so it settles nothing. It is the probable reason if the probe is lost anyway.
 *
 * <p>Allocates nothing after its construction. A probe has one slot, and a newer probe takes it
 * from an older one. That costs a reason, never a verdict. Routers that quote so little send few errors a second.
 */
@OwnedBy("ping-recv")
public final class UnprovenErrors {

    private static final int SLOT_BITS = 12;
    private static final int SLOTS = 1 << SLOT_BITS;
    private static final long NONE = -1;
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    /** Target id (upper 32 bits) and sequence (lower), or {@link #NONE}. */
    private final long[] probes = new long[SLOTS];

    private final IcmpError[] reasons = new IcmpError[SLOTS];
    private final long[] routersHigh = new long[SLOTS];
    private final long[] routersLow = new long[SLOTS];

    public UnprovenErrors() {
        Arrays.fill(probes, NONE);
        Arrays.fill(reasons, IcmpError.UNREACHABLE);
    }

    /** The first error about a probe stays: a forged one mostly comes later. */
    public void remember(int targetId, int sequence, IcmpError reason, long routerHigh, long routerLow) {
        long probe = probe(targetId, sequence);
        int slot = slot(probe);
        if (probes[slot] != probe) {
            probes[slot] = probe;
            reasons[slot] = reason;
            routersHigh[slot] = routerHigh;
            routersLow[slot] = routerLow;
        }
    }

    /** The slot of the error about a probe, or -1. */
    public int find(int targetId, int sequence) {
        long probe = probe(targetId, sequence);
        int slot = slot(probe);
        return probes[slot] == probe ? slot : -1;
    }

    /** A reply came: the error is not why the probe is lost. */
    public void forget(int targetId, int sequence) {
        int slot = find(targetId, sequence);
        if (slot >= 0) {
            probes[slot] = NONE;
        }
    }

    public IcmpError reason(int slot) {
        return reasons[slot];
    }

    public long routerHigh(int slot) {
        return routersHigh[slot];
    }

    public long routerLow(int slot) {
        return routersLow[slot];
    }

    private static long probe(int targetId, int sequence) {
        return (long) targetId << 32 | sequence & 0xffff_ffffL;
    }

    private static int slot(long probe) {
        return (int) (probe * GOLDEN >>> Long.SIZE - SLOT_BITS);
    }
}
