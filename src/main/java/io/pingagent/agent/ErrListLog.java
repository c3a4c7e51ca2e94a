package io.pingagent.agent;

import io.pingagent.model.IpAddress;
import io.pingagent.probe.ErrListCause;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Log lines about the err list, folded: a hundred thousand addresses that go dark at once are one line. Fed by
 * {@code ping-recv}, which never waits; written by whoever calls {@link #write} about once a second.
 */
public final class ErrListLog {

    private static final Logger LOG = LogManager.getLogger(ErrListLog.class);
    /** Addresses named in a minute; of the others the number is told. */
    private static final int NAMED = 30;

    private static final long MINUTE_NANOS = 60_000_000_000L;
    private static final long COUNT_EVERY_NANOS = 10_000_000_000L;

    private record Change(int targetId, boolean hasEntered, ErrListCause cause) {}

    private final IntFunction<IpAddress> addresses;
    private final Function<IpAddress, @Nullable String> localProblem;
    private final BlockingQueue<Change> changes = new ArrayBlockingQueue<>(NAMED);
    private final AtomicLong unnamed = new AtomicLong();

    // Owned by the thread that writes.
    private long minuteStartNanos = System.nanoTime();
    private long countedNanos = minuteStartNanos - COUNT_EVERY_NANOS;
    private int namedThisMinute;

    /**
     * @param addresses by target id
     * @param localProblem why this machine cannot send to an address, or null
     */
    public ErrListLog(IntFunction<IpAddress> addresses, Function<IpAddress, @Nullable String> localProblem) {
        this.addresses = addresses;
        this.localProblem = localProblem;
    }

    void entered(int targetId, ErrListCause cause) {
        if (changes.remainingCapacity() == 0 || !changes.offer(new Change(targetId, true, cause))) {
            unnamed.incrementAndGet();
        }
    }

    void left(int targetId) {
        if (changes.remainingCapacity() == 0 || !changes.offer(new Change(targetId, false, ErrListCause.BY_HAND))) {
            unnamed.incrementAndGet();
        }
    }

    void write() {
        long nowNanos = System.nanoTime();
        if (nowNanos - minuteStartNanos >= MINUTE_NANOS) {
            minuteStartNanos = nowNanos;
            namedThisMinute = 0;
        }
        for (Change change = changes.poll(); change != null; change = changes.poll()) {
            if (++namedThisMinute > NAMED) {
                unnamed.incrementAndGet();
                continue;
            }
            IpAddress address = addresses.apply(change.targetId);
            if (change.hasEntered) {
                String problem = localProblem.apply(address);
                LOG.warn(
                        "{} is on the err list: {}{}",
                        address,
                        why(change.cause),
                        problem == null ? "" : "; " + problem);
            } else {
                LOG.info("{} has left the err list", address);
            }
        }
        if (unnamed.get() > 0 && nowNanos - countedNanos >= COUNT_EVERY_NANOS) {
            countedNanos = nowNanos;
            long more = unnamed.getAndSet(0);
            LOG.warn("{} more changes of the err list", more);
        }
    }

    private static String why(ErrListCause cause) {
        return switch (cause) {
            case EXPIRED -> "its last-ms key expired";
            case SILENT -> "no reply for longer than its TTL";
            case LOST -> "probe lost";
            case NOT_SENT -> "this machine could not send its probe";
            case CUT_OFF -> "the agent is cut off from its network";
            case BY_HAND -> "found in Redis";
        };
    }
}
