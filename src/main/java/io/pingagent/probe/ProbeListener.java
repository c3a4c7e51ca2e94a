package io.pingagent.probe;

import io.pingagent.icmp.IcmpError;

/**
 * Port through which the engine reports what it finds. Implementations return at once and do not allocate per call, for
 * {@code ping-recv} calls them; {@link #clockStepped} and {@link #roundOverran} are called by {@code ping-send}.
 *
 * <p>Every probe that was sent ends with exactly one {@link #replied}, {@link #lost}, {@link #invalidated} or
 * {@link #deferred}, unless its target is removed before.
 */
public interface ProbeListener {

    /**
     * A probe was answered in time, for the first time.
     *
     * @param rttNanos round-trip time, at least 0
     * @param receivedWallNanos Unix nanoseconds of the reply's arrival
     * @param hopLimit TTL or hop limit of the reply, -1 if unknown
     */
    default void replied(int targetId, int sequence, long rttNanos, long receivedWallNanos, int hopLimit) {}

    /**
     * A router or host said why a probe is lost. {@link #lost} follows for the same probe.
     *
     * @param routerHigh upper 64 bits of the address that said so, 0 for IPv4
     * @param routerLow lower 64 bits, or the 32 bits of an IPv4 address
     */
    default void icmpError(int targetId, int sequence, IcmpError error, long routerHigh, long routerLow) {}

    /**
     * The kernel would not send a probe, for the reason that this errno gives. {@link #lost} follows for the same
     * probe.
     */
    default void sendFailed(int targetId, int sequence, int errno) {}

    /**
     * A probe was lost. {@link #icmpError} or {@link #sendFailed} said why just before, unless it only got no reply in
     * time.
     *
     * @param settledWallNanos Unix nanoseconds of the verdict
     */
    default void lost(int targetId, int sequence, long settledWallNanos) {}

    /**
     * A probe was not answered in time, but this machine may have lost the reply itself. It does not count, neither as
     * sent nor as lost.
     */
    default void invalidated(int targetId, int sequence) {}

    /**
     * The kernel had no room for a probe: it does not count, and another with the next sequence number takes its place.
     */
    default void deferred(int targetId, int sequence) {}

    /**
     * A probe was left out because the one before it still waits for room in this machine's queues; it does not count.
     */
    default void unsent(int targetId) {}

    /** A reply came after its probe's timeout. The probe stays lost. */
    default void late(int targetId, int sequence, long rttNanos) {}

    /** One more reply to an answered probe. */
    default void duplicate(int targetId, int sequence, long rttNanos) {}

    /** The address is now probed at the err list's interval. */
    default void enteredErrList(int targetId, ErrListCause cause) {}

    /** The address is probed by its jobs again. */
    default void leftErrList(int targetId) {}

    /**
     * Many addresses stopped at once, and the engine finds out whether the agent itself is cut off; or that is decided.
     * In between nobody should be called down.
     */
    default void isolationSuspected(boolean isSuspected) {}

    /**
     * The agent is cut off from its network, or no longer is. Meanwhile probes without a reply are
     * {@link #invalidated}.
     *
     * @param wallNanos Unix nanoseconds of the change: the first loss of it, or the reply that ended it
     */
    default void isolated(boolean isIsolated, long wallNanos) {}

    /** What this target lost while the agent was cut off does not count, nor what it lost just before. */
    default void reinstated(int targetId) {}

    /** Nothing more will be said about this target; the id is used again only minutes later. */
    default void removed(int targetId) {}

    /** The wall clock was stepped: whatever was planned by it has to be planned again. */
    default void clockStepped(long stepNanos) {}

    /**
     * A round was still running when the next was due.
     *
     * @param jobId the job, or {@link Engine#ERR_LIST_JOB}
     * @param unsent probes of the running round that had not been sent
     */
    default void roundOverran(int jobId, int unsent) {}
}
