package io.pingagent.probe.queue;

import io.pingagent.base.OwnedBy;
import io.pingagent.icmp.SendErrors;
import io.pingagent.probe.table.TargetTable;
import io.pingagent.probe.table.TargetTable.Page;
import java.util.BitSet;

/**
 * Probes that this machine could not send when they were due, so that nobody else has to wait for them.
 *
 * <p>There are two reasons, which concern different others:
 *
 * <ul>
 *   <li>A group of sockets (an IP version, addresses that answer or addresses that are silent) is full of packets that
 *       the kernel still holds. Then the next probes of this group wait as well.
 *   <li>A queue on the way to one address is full. Then this probe waits alone, in line with those to its neighbours,
 *       because addresses of one /24 or /64 are likely to share the way.
 * </ul>
 *
 * <p>The oldest probe of each line is tried again and again. One that fails too often goes to the end of its line,
 * since its way may be another.
 *
 * <p>One probe of each address waits at most, until it is sent. So a way that carries less than is asked for serves its
 * addresses in turn, and delays all of them in proportion.
 */
@OwnedBy("ping-send")
public final class DeferredProbes {

    static final int GROUPS = 4;

    /** More ways than a host has interfaces; if two share a queue, the worse one delays the other. */
    public static final int PATHS = 64;

    private static final int QUEUES = GROUPS + PATHS;
    private static final long GROUP_RETRY_NANOS = 1_000_000L;
    /**
     * For each line that waits: a failure costs a system call, so all of them take half a percent of a core at most.
     */
    private static final long PATH_RETRY_NANOS = 1_000_000L;
    /** So often the oldest of a line may fail before the others get their turn. */
    private static final int MAX_FAILURES_IN_A_ROW = 100;

    /** The groups, then the paths. */
    private final WaitingProbes[] queues = new WaitingProbes[QUEUES];

    private final boolean[] isFull = new boolean[GROUPS];
    /** Target ids of all that wait. */
    private final BitSet waiting = new BitSet();

    private int nextQueue;
    /** Lines of paths with probes in them. */
    private int waitingPaths;

    public DeferredProbes() {
        for (int i = 0; i < QUEUES; i++) {
            queues[i] = new WaitingProbes();
        }
    }

    /** Sends again what was deferred. */
    @OwnedBy("ping-send")
    public interface Attempt {

        /**
         * @return 0 if the probe was sent, refused or is no longer wanted; EAGAIN or ENOBUFS if it has to wait still
         */
        int send(int targetId, int timeoutClass);

        /** Equal for addresses that are likely to share the way out. */
        int path(int targetId);
    }

    public static int group(boolean isV6, boolean isSilent) {
        return (isV6 ? 2 : 0) | (isSilent ? 1 : 0);
    }

    public static int path(Page page, int index) {
        return path(TargetTable.isV6(page, index), TargetTable.high(page, index), TargetTable.low(page, index));
    }

    public static int path(boolean isV6, long high, long low) {
        long prefix = isV6 ? high : low >>> 8;
        return (int) (prefix * 0x9e3779b97f4a7c15L >>> 58);
    }

    /** Whether there is no point in trying this group again in this cycle. */
    public boolean isFull(int group) {
        return isFull[group];
    }

    /**
     * @param errno EAGAIN: the group is full, until the next {@link #retry}; ENOBUFS: a queue on the way
     * @return false if a probe of this address waits already: this one is not sent
     */
    public boolean defer(int errno, int group, int path, int targetId, int timeoutClass, long nowNanos) {
        boolean isGroupFull = errno == SendErrors.EAGAIN;
        isFull[group] |= isGroupFull;
        if (waiting.get(targetId)) {
            return false;
        }
        waiting.set(targetId);
        int number = isGroupFull ? group : GROUPS + path;
        WaitingProbes queue = queues[number];
        if (queue.isEmpty()) {
            waitingPaths += isGroupFull ? 0 : 1;
            queue.retryAt(nowNanos + retryNanos(number));
        }
        queue.add(targetId, timeoutClass);
        return true;
    }

    private long retryNanos(int number) {
        return number < GROUPS ? GROUP_RETRY_NANOS : PATH_RETRY_NANOS * waitingPaths;
    }

    /**
     * Tries those whose time has come.
     *
     * @param allowance most attempts
     * @return how many attempts were made
     */
    public int retry(long nowNanos, int allowance, Attempt attempt) {
        if (waiting.isEmpty()) {
            return 0;
        }
        for (int group = 0; group < GROUPS; group++) {
            // Those that are due now must not overtake those that wait.
            isFull[group] = !queues[group].isEmpty();
        }
        int attempts = 0;
        int first = nextQueue;
        boolean isFirstServed = false;
        for (int i = 0; i < QUEUES; i++) {
            int number = (first + i) % QUEUES;
            int tried = retry(number, nowNanos, allowance - attempts, attempt);
            attempts += tried;
            if (tried > 0 && !isFirstServed) {
                // Queues may share what little room there is, so another one goes first the next time.
                isFirstServed = true;
                nextQueue = (number + 1) % QUEUES;
            }
        }
        return attempts;
    }

    private int retry(int number, long nowNanos, int allowance, Attempt attempt) {
        WaitingProbes queue = queues[number];
        if (queue.isEmpty() || queue.retryNanos() - nowNanos > 0) {
            return 0;
        }
        int attempts = 0;
        while (!queue.isEmpty() && attempts < allowance) {
            attempts++;
            int targetId = queue.targetId();
            int timeoutClass = queue.timeoutClass();
            int errno = attempt.send(targetId, timeoutClass);
            if (errno == 0) {
                queue.remove();
                waiting.clear(targetId);
            } else if (errno != SendErrors.EAGAIN && number < GROUPS) {
                queue.remove();
                waiting.clear(targetId);
                defer(errno, number, attempt.path(targetId), targetId, timeoutClass, nowNanos);
            } else {
                if (queue.failed() == MAX_FAILURES_IN_A_ROW && number >= GROUPS) {
                    queue.remove();
                    queue.add(targetId, timeoutClass);
                }
                queue.retryAt(nowNanos + retryNanos(number));
                return attempts;
            }
        }
        if (number < GROUPS) {
            isFull[number] = !queue.isEmpty();
        } else if (queue.isEmpty()) {
            waitingPaths--;
        }
        return attempts;
    }

    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** When the next attempt is due; {@link Long#MAX_VALUE} if nothing waits. */
    public long nextNanos() {
        long nextNanos = Long.MAX_VALUE;
        for (WaitingProbes queue : queues) {
            if (!queue.isEmpty() && (nextNanos == Long.MAX_VALUE || queue.retryNanos() - nextNanos < 0)) {
                nextNanos = queue.retryNanos();
            }
        }
        return nextNanos;
    }
}
