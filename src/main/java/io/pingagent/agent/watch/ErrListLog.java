package io.pingagent.agent.watch;

import io.pingagent.base.FoldedCount;
import io.pingagent.base.LineBudget;
import io.pingagent.base.OwnedBy;
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
 * Log lines about the err list, folded: a hundred thousand addresses that go silent at once are one line more.
 */
public final class ErrListLog {

    private static final Logger LOG = LogManager.getLogger(ErrListLog.class);
    /** Addresses named in a minute; the others are counted. */
    private static final int NAMED = 30;

    private static final long COUNT_EVERY_NANOS = 10_000_000_000L;

    private record Change(int targetId, boolean hasEntered, ErrListCause cause) {}

    private final IntFunction<IpAddress> addresses;
    private final Function<IpAddress, String> names;
    private final Function<IpAddress, @Nullable String> localProblem;
    private final BlockingQueue<Change> changes = new ArrayBlockingQueue<>(NAMED);
    private final AtomicLong unnamed = new AtomicLong();

    @OwnedBy("ping-housekeeping")
    private final LineBudget budget = new LineBudget(NAMED, System.nanoTime());

    @OwnedBy("ping-housekeeping")
    private final FoldedCount foldedUnnamed = new FoldedCount(COUNT_EVERY_NANOS);

    /**
     * @param addresses by target id
     * @param names what users call an address, or an empty text
     * @param localProblem why this machine cannot send to an address, or null
     */
    public ErrListLog(
            IntFunction<IpAddress> addresses,
            Function<IpAddress, String> names,
            Function<IpAddress, @Nullable String> localProblem) {
        this.addresses = addresses;
        this.names = names;
        this.localProblem = localProblem;
    }

    /** Never waits. */
    @OwnedBy("ping-recv")
    public void entered(int targetId, ErrListCause cause) {
        if (changes.remainingCapacity() == 0 || !changes.offer(new Change(targetId, true, cause))) {
            unnamed.incrementAndGet();
        }
    }

    /** Never waits. */
    @OwnedBy("ping-recv")
    public void left(int targetId) {
        if (changes.remainingCapacity() == 0 || !changes.offer(new Change(targetId, false, ErrListCause.BY_HAND))) {
            unnamed.incrementAndGet();
        }
    }

    /** Logs what has changed; to be called about once a second. */
    @OwnedBy("ping-housekeeping")
    public void write() {
        long nowNanos = System.nanoTime();
        for (Change change = changes.poll(); change != null; change = changes.poll()) {
            if (!budget.take(nowNanos)) {
                unnamed.incrementAndGet();
                continue;
            }
            IpAddress address = addresses.apply(change.targetId);
            if (change.hasEntered) {
                String problem = localProblem.apply(address);
                LOG.warn(
                        "{} is on the err list: {}{}",
                        shown(address),
                        why(change.cause),
                        problem == null ? "" : "; " + problem);
            } else {
                LOG.info("{} has left the err list", shown(address));
            }
        }
        long more = foldedUnnamed.take(unnamed.get(), nowNanos);
        if (more > 0) {
            LOG.warn("{} more changes of the err list", more);
        }
    }

    private String shown(IpAddress address) {
        String name = names.apply(address);
        return name.isEmpty() ? address.toString() : address + " (" + name + ')';
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
