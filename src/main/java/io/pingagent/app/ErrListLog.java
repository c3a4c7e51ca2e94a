package io.pingagent.app;

import io.pingagent.model.IpAddress;
import io.pingagent.probe.ErrListCause;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Log lines about the err list, folded: a hundred thousand addresses that go dark at once are one line. Fed by
 * {@code ping-recv}, which never waits; written by whoever calls {@link #write} about once a second.
 */
final class ErrListLog {

    private static final Logger LOG = LogManager.getLogger(ErrListLog.class);
    private static final int NAMED = 10;

    private record Change(int targetId, boolean hasEntered, ErrListCause cause) {}

    private final IntFunction<IpAddress> addresses;
    private final BlockingQueue<Change> changes = new ArrayBlockingQueue<>(NAMED);
    private final AtomicLong unnamed = new AtomicLong();

    ErrListLog(IntFunction<IpAddress> addresses) {
        this.addresses = addresses;
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
        for (Change change = changes.poll(); change != null; change = changes.poll()) {
            IpAddress address = addresses.apply(change.targetId);
            if (change.hasEntered) {
                LOG.warn("{} is on the err list: {}", address, why(change.cause));
            } else {
                LOG.info("{} has left the err list", address);
            }
        }
        long more = unnamed.getAndSet(0);
        if (more > 0) {
            LOG.warn("{} more changes of the err list", more);
        }
    }

    private static String why(ErrListCause cause) {
        return switch (cause) {
            case EXPIRED -> "its last-ms key expired";
            case SILENT -> "no reply for longer than its TTL";
            case LOST -> "probe lost";
            case BY_HAND -> "found in Redis";
        };
    }
}
