package io.pingagent.dns;

import io.pingagent.base.AnyThread;
import io.pingagent.base.NanoClock;
import io.pingagent.base.OwnedBy;
import io.pingagent.base.Worker;
import io.pingagent.model.DnsServer;
import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the addresses of host names up to date, on {@code ping-dns}. What to ask when is the task of {@link NameTable}. Nobody
 * waits for an answer: whoever wants addresses gets those that are known.
 *
 * <p>Other threads may call everything that is public.
 */
public final class HostResolver implements AutoCloseable {

    private static final Logger LOG = LogManager.getLogger(HostResolver.class);

    private static final long SECOND_NANOS = 1_000_000_000L;
    /** How often the system's configuration is looked at. */
    private static final long REFRESH_NANOS = 5 * SECOND_NANOS;
    /** Changes are reported together: each has the catalogue applied. */
    private static final long GATHER_NANOS = SECOND_NANOS;

    private static final Duration STOP_DEADLINE = Duration.ofSeconds(1);

    private record Answered(Question question, Answer answer) {}

    private final Lookup lookup;
    private final NanoClock clock;
    private final Runnable changed;
    private final Worker worker =
            Worker.named("ping-dns").onFailure(HostResolver::failed).work(this::turn);
    private final Queue<Answered> answers = new ConcurrentLinkedQueue<>();

    @OwnedBy("ping-dns")
    private final NameTable table;

    @OwnedBy("ping-dns")
    private @Nullable Map<String, Set<HostName>> taken;

    @OwnedBy("ping-dns")
    private boolean isFirst = true;

    @OwnedBy("ping-dns")
    private long refreshDueNanos;

    @OwnedBy("ping-dns")
    private boolean isChanged;

    @OwnedBy("ping-dns")
    private long reportDueNanos;

    private volatile Map<String, Set<HostName>> wanted = Map.of();
    /** As of the last report; replaced, never changed. */
    private volatile Map<HostName, Resolved> known = Map.of();

    private volatile List<Problem> problems = List.of();

    /**
     * @param servers empty for those of the system
     * @param interval of reloading
     * @param changed called on ping-dns, at most once a second, when addresses have changed
     */
    public HostResolver(List<DnsServer> servers, Duration interval, NanoClock clock, Runnable changed) {
        this(new DnsLookup(servers), interval, clock, changed);
    }

    HostResolver(Lookup lookup, Duration interval, NanoClock clock, Runnable changed) {
        this.lookup = lookup;
        this.clock = clock;
        this.changed = changed;
        long nowNanos = clock.monotonicNanos();
        this.table = new NameTable(interval.toNanos(), nowNanos);
        this.refreshDueNanos = nowNanos + REFRESH_NANOS;
        this.reportDueNanos = nowNanos;
    }

    /** Once only. */
    public void start() {
        worker.start();
    }

    /** Waits up to a second for the thread's end. */
    @Override
    public void close() {
        worker.stop();
        worker.join(STOP_DEADLINE);
    }

    /** What is known of names from an earlier run; counts until an answer says something else. Before {@link #start}. */
    public void recall(Map<HostName, List<IpAddress>> earlier) {
        Map<HostName, Resolved> recalled = new HashMap<>();
        earlier.forEach((name, addresses) -> recalled.put(name, Resolved.PENDING.recalling(addresses)));
        known = Map.copyOf(recalled);
    }

    @AnyThread
    public boolean isWatched(HostName name) {
        return wanted.values().stream().anyMatch(names -> names.contains(name));
    }

    /** All names that have addresses, as of the last report. */
    @AnyThread
    public Map<HostName, List<IpAddress>> known() {
        Map<HostName, List<IpAddress>> all = new HashMap<>();
        known.forEach((name, resolved) -> {
            if (!resolved.addresses().isEmpty()) {
                all.put(name, resolved.addresses());
            }
        });
        return all;
    }

    /** From now on these names are resolved, and no others. Those that stay keep what is known of them. */
    @AnyThread
    public void watch(Map<String, Set<HostName>> byGroup) {
        wanted = Map.copyOf(byGroup);
        worker.wake();
    }

    /** What was known of a name at the last report, or empty. At most eight, ascending. */
    @AnyThread
    public List<IpAddress> addresses(HostName name) {
        return known.getOrDefault(name, Resolved.PENDING).addresses();
    }

    /** What users have to correct; a text stays as it is for as long as the problem is the same. */
    @AnyThread
    public List<Problem> problems() {
        return problems;
    }

    private static long failed(RuntimeException failure) {
        LOG.error("host names cannot be resolved for a moment", failure);
        return SECOND_NANOS;
    }

    @OwnedBy("ping-dns")
    long turn() {
        long nowNanos = clock.monotonicNanos();
        Map<String, Set<HostName>> names = wanted;
        if (taken != names) {
            taken = names;
            Set<HostName> all = new TreeSet<>();
            names.values().forEach(all::addAll);
            table.watch(all, nowNanos);
            if (isFirst) {
                isFirst = false;
                known.forEach((name, resolved) -> table.recall(name, resolved.addresses()));
            }
        }
        if (refreshDueNanos - nowNanos <= 0) {
            refreshDueNanos = nowNanos + REFRESH_NANOS;
            lookup.refresh();
        }
        for (Answered next = answers.poll(); next != null; next = answers.poll()) {
            isChanged |= table.answered(next.question, next.answer, nowNanos);
        }
        ask(nowNanos);
        report(nowNanos);
        return table.untilNextNanos(nowNanos, SECOND_NANOS);
    }

    @OwnedBy("ping-dns")
    private void ask(long nowNanos) {
        for (Question next = table.next(nowNanos); next != null; next = table.next(nowNanos)) {
            Question question = next;
            lookup.ask(
                    question.host.name(),
                    question.isV6,
                    question.failures,
                    answer -> take(new Answered(question, answer)));
        }
    }

    /** An answer, on the thread that heard it. */
    @AnyThread
    private void take(Answered answered) {
        answers.add(answered);
        worker.wake();
    }

    @OwnedBy("ping-dns")
    private void report(long nowNanos) {
        if (reportDueNanos - nowNanos > 0 || !table.takeNews()) {
            return;
        }
        reportDueNanos = nowNanos + GATHER_NANOS;
        known = Map.copyOf(table.resolved());
        problems = NameProblems.of(taken == null ? Map.of() : taken, known);
        if (isChanged) {
            isChanged = false;
            changed.run();
        }
    }
}
