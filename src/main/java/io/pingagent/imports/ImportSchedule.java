package io.pingagent.imports;

import io.pingagent.base.Backoff;
import io.pingagent.base.OwnedBy;
import io.pingagent.base.Worker;
import io.pingagent.config.ConfigException;
import io.pingagent.imports.ZabbixImportResult.Change;
import io.pingagent.model.Problem;
import io.pingagent.redis.RedisUnreachableException;
import io.pingagent.redis.admin.AdminRefusedException;
import io.pingagent.zabbix.api.ApiException;
import io.pingagent.zabbix.api.ZabbixImport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Runs each entry of {@code zabbix.import} at its interval, the first time within 30 s, on {@code ping-import}. An entry that
 * fails is a problem, changes nothing and costs no other entry anything. Where Zabbix is unreachable it is tried again after
 * 30 s, and then ever less often up to its interval.
 */
public final class ImportSchedule {

    private static final Logger LOG = LogManager.getLogger(ImportSchedule.class);

    private static final long FIRST_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long FIRST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int MOST_LOGGED = 20;

    /** Does one import. */
    interface Importer {
        /** Throws what {@link ZabbixImportRun#run} throws. */
        ZabbixImportResult run(ZabbixImport entry) throws ApiException;
    }

    /** An entry and when it is due. */
    private static final class Due {
        private final ZabbixImport entry;
        private long atNanos;
        private final Backoff backoff;
        private List<String> warnings = List.of();
        private int redisUnreachableInARow;

        Due(ZabbixImport entry, long atNanos) {
            this.entry = entry;
            this.atNanos = atNanos;
            this.backoff = new Backoff(FIRST_RETRY_NANOS, entry.every().toNanos());
        }
    }

    private final Importer importer;
    private final Consumer<List<Problem>> problems;
    private final LongSupplier clock;
    private final Worker worker = Worker.named("ping-import").work(this::runDue);

    @OwnedBy("ping-import")
    private final List<Due> dues = new ArrayList<>();

    @OwnedBy("ping-import")
    private final Map<String, Problem> problemByGroup = new HashMap<>();

    /**
     * @param problems takes the problems of all entries whenever they change
     * @param random spreads the first runs of many agents
     * @param clock monotonic, in nanoseconds
     */
    ImportSchedule(
            List<ZabbixImport> entries,
            Importer importer,
            Consumer<List<Problem>> problems,
            RandomGenerator random,
            LongSupplier clock) {
        this.importer = importer;
        this.problems = problems;
        this.clock = clock;
        long nowNanos = clock.getAsLong();
        for (ZabbixImport entry : entries) {
            dues.add(new Due(
                    entry,
                    nowNanos
                            + random.nextLong(
                                    Math.min(FIRST_WITHIN_NANOS, entry.every().toNanos()))));
        }
    }

    public void start() {
        if (!dues.isEmpty()) {
            worker.start();
        }
    }

    public void stop() {
        worker.stopNow();
    }

    /**
     * Runs what is due; an interval begins when a run ends.
     *
     * @return how long nothing is due from then on, in nanoseconds, at least 0
     */
    @OwnedBy("ping-import")
    public long runDue() {
        for (Due due : dues) {
            if (worker.isStopping()) {
                return 0;
            }
            if (due.atNanos - clock.getAsLong() <= 0) {
                run(due);
            }
        }
        long nowNanos = clock.getAsLong();
        long nextNanos = Long.MAX_VALUE;
        for (Due due : dues) {
            nextNanos = Math.min(nextNanos, Math.max(0, due.atNanos - nowNanos));
        }
        return nextNanos;
    }

    private void run(Due due) {
        String group = due.entry.group();
        long waitNanos = due.entry.every().toNanos();
        boolean isUnreachable = false;
        boolean isRedisUnreachable = false;
        try {
            ZabbixImportResult result = importer.run(due.entry);
            log(due, result);
            problem(group, null);
        } catch (ApiException e) {
            isUnreachable = e.kind() == ApiException.Kind.AWAY;
            problem(group, new Problem(where(group), e.what(), e.remedy()));
        } catch (ConfigException e) {
            problem(group, e.problems().get(0));
        } catch (AdminRefusedException e) {
            problem(
                    group,
                    problem(
                            group,
                            String.valueOf(e.getMessage()),
                            e.reason() == AdminRefusedException.Reason.NOT_PERMITTED
                                    ? "the user of redis.url must read and write group_" + group + ", group-hosts_"
                                            + group + " and group-list"
                                    : ""));
        } catch (RedisUnreachableException e) {
            isUnreachable = true;
            isRedisUnreachable = true;
            // The connections that stay open have a problem line of their own, but not where Redis only refuses to
            // write.
            if (++due.redisUnreachableInARow > 1) {
                problem(group, problem(group, String.valueOf(e.getMessage()), ""));
            }
        } catch (CancellationException e) {
            // The agent stops.
            LOG.debug("the import of group {} ends, because the agent stops", group);
        } catch (RuntimeException e) {
            LOG.error("the import of group {} failed and is tried again", group, e);
            problem(
                    group,
                    new Problem(where(group), "it failed: " + e, "report it with the agent's log; it is tried again"));
        }
        if (isUnreachable) {
            waitNanos = due.backoff.nextNanos();
        } else {
            due.backoff.reset();
        }
        if (!isRedisUnreachable) {
            due.redisUnreachableInARow = 0;
        }
        due.atNanos = clock.getAsLong() + waitNanos;
    }

    /** @param better than the remedy with which the message ends; empty: that one */
    private static Problem problem(String group, String message, String better) {
        int remedy = message.lastIndexOf("; ");
        String what = remedy < 0 ? message : message.substring(0, remedy);
        String known = remedy < 0 ? "look at the log of Redis" : message.substring(remedy + 2);
        return new Problem(where(group), what, better.isEmpty() ? known : better);
    }

    private static String where(String group) {
        return "zabbix.import, group '" + group + "'";
    }

    private void problem(String group, @Nullable Problem problem) {
        if (problem == null) {
            problemByGroup.remove(group);
        } else {
            problemByGroup.put(group, problem);
        }
        List<Problem> all = new ArrayList<>();
        for (Due due : dues) {
            Problem known = problemByGroup.get(due.entry.group());
            if (known != null) {
                all.add(known);
            }
        }
        problems.accept(all);
    }

    private static void log(Due due, ZabbixImportResult result) {
        List<Change> changes = result.changes();
        changes.stream()
                .limit(MOST_LOGGED)
                .forEach(change -> LOG.info("import of group {}: {}", result.group(), change));
        if (changes.size() > MOST_LOGGED) {
            LOG.info(
                    "import of group {}: {} more changes, {} hosts now",
                    result.group(),
                    changes.size() - MOST_LOGGED,
                    result.counts().hosts());
        }
        if (result.counts().linked() > 0) {
            LOG.info(
                    "import of group {}: hosts linked to the template: {}",
                    result.group(),
                    result.counts().linked());
        }
        if (!result.warnings().equals(due.warnings)) {
            due.warnings = result.warnings();
            due.warnings.forEach(warning -> LOG.warn("import of group {}: {}", result.group(), warning));
        }
    }
}
