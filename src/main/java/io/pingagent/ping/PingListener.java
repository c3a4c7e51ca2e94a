package io.pingagent.ping;

import io.pingagent.model.IpAddress;

/**
 * Hears what becomes of each probe of a {@link PingRequest}. Calls never overlap, whichever threads make them, and the last
 * one happens before {@code Operations.ping} returns.
 *
 * <p>Every probe is settled by exactly one {@link #replied} or {@link #lost}. {@link #icmpError}, {@link #sendFailed} and
 * {@link #invalidated} come before the {@link #lost} of their probe.
 */
public interface PingListener {

    /**
     * @param target index in {@link PingRequest#targets()}
     * @param probe number of the probe to this target, from 0
     */
    void replied(int target, int probe, Reply reply);

    /**
     * A reply.
     *
     * @param icmpBytes length of the ICMP message, header and payload
     * @param rttNanos round-trip time
     * @param wallNanos arrival, Unix nanoseconds
     * @param hopLimit TTL or hop limit on arrival, -1 if unknown
     * @param trafficClass the IPv4 TOS or IPv6 traffic class byte, -1 if unknown or not asked for, see
     *     {@link PingRequest#readsTrafficClass}
     */
    record Reply(int icmpBytes, long rttNanos, long wallNanos, int hopLimit, int trafficClass) {}

    /**
     * No reply within the timeout, or an error settled it before.
     *
     * @param wallNanos when that was known, Unix nanoseconds
     */
    void lost(int target, int probe, long wallNanos);

    /** A second reply to the same probe; it does not count. */
    void duplicate(int target, int probe, int icmpBytes, long rttNanos);

    /**
     * A router or the target sent an ICMP error about the probe.
     *
     * @param reason in fping's words, as in {@code ICMP Host Unreachable} or {@code ICMPv6 Packet Too Big}
     * @param from who sent it
     */
    void icmpError(int target, int probe, String reason, IpAddress from);

    /**
     * This machine could not send the probe.
     *
     * @param reason the system's words, as in {@code Network is unreachable}
     */
    void sendFailed(int target, int probe, String reason);

    /** The loss that follows may be this machine's own: its receive buffer was full, or it was paused. */
    default void invalidated(int target, int probe) {}

    /**
     * Time has passed; called some hundred times a second.
     *
     * @param nanos now, as {@link System#nanoTime()} gives it
     */
    default void passed(long nanos) {}
}
