package io.pingagent.bench;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;

/**
 * The packaged agent with very many addresses for minutes: false losses, freshness of every key, cadence, memory over
 * time; then addresses that fall silent. One thread.
 */
final class MillionAcceptance {

    private static final int SAMPLE_MASK = 0xff;
    private static final long WARM_MILLIS = 25_000;
    private static final int BATCH = 5_000;
    private static final long SCHEDULE_LIMIT_MILLIS = 120_000;

    private final int addresses;
    private final int minutes;
    private final int rateLimit;
    private final int zabbixAddresses;
    private final List<Integer> dark;
    private final Path output;
    private final List<String> jvmOptions = Processes.productJvmOptions();
    private final List<String> report = new ArrayList<>();
    private final List<String> course = new ArrayList<>();
    private boolean kept = true;

    MillionAcceptance(Options options) throws IOException {
        addresses = options.number("addresses", 1_000_000);
        minutes = options.number("minutes", 10);
        rateLimit = options.number("rate-limit", 120_000);
        zabbixAddresses = options.number("zabbix-addresses", 0);
        dark = options.list("dark", "").stream().map(Integer::valueOf).toList();
        output = Path.of(options.text("output", "target/bench"));
        int silent = dark.stream().mapToInt(Integer::intValue).sum();
        if (addresses < 1 || addresses > AddressRange.MAX || silent > addresses) {
            throw new IllegalArgumentException("--addresses " + addresses + " is not between " + Math.max(1, silent)
                    + " and " + AddressRange.MAX);
        }
    }

    /** Whether nothing was lost and every key was fresh. */
    boolean run() throws IOException {
        Conditions.lines(jvmOptions).forEach(this::say);
        say("agent:    " + addresses + " addresses at 10 s, probe.rate-limit " + rateLimit);
        course.add("seconds,agent_rss_mb,redis_rss_mb,sent,lost,err_list,foreign_cores");
        GcLog gcLog = new GcLog();
        try (Redis redis = new Redis();
                SinkProcess sink = new SinkProcess();
                AgentFile file = new AgentFile(redis, zabbixAddresses == 0 ? null : sink, rateLimit, "default")) {
            redis.loadCatalogue(addresses, zabbixAddresses);
            long startNanos = System.nanoTime();
            try (MeasuredAgent agent = new MeasuredAgent(file, redis, gcLog)) {
                awaitSchedule(agent, startNanos);
                agent.awaitCadence(addresses);
                say(String.format(
                        Locale.ROOT,
                        "start:    peak RSS %.0f MB until the first full round",
                        ProcessTimes.megabytes(agent.pid(), "VmHWM")));
                Processes.pauseMillis(WARM_MILLIS);
                if (minutes > 0) {
                    measure(agent, redis, gcLog);
                }
                fallSilent(agent, redis);
                say("complaints of the agent: " + agent.complaints());
            }
        } finally {
            gcLog.delete();
        }
        Files.createDirectories(output);
        Files.write(output.resolve("acceptance.txt"), report);
        Files.write(output.resolve("acceptance.csv"), course);
        System.out.println("\nwritten to " + output + ": acceptance.txt, acceptance.csv");
        return kept;
    }

    private void awaitSchedule(MeasuredAgent agent, long startNanos) throws IOException {
        while (!agent.hasScheduled(addresses)) {
            if (System.nanoTime() - startNanos > SCHEDULE_LIMIT_MILLIS * 1_000_000) {
                throw new IOException("the agent has not scheduled " + addresses + " addresses: " + agent.complaints());
            }
            Processes.pauseMillis(100);
        }
        say(String.format(
                Locale.ROOT,
                "start:    all addresses read and scheduled %.1f s after the process was started",
                (System.nanoTime() - startNanos) / 1e9));
    }

    private void measure(MeasuredAgent agent, Redis redis, GcLog gcLog) throws IOException {
        try (Sightings sightings = new Sightings(SAMPLE_MASK, false, false)) {
            JsonObject before = agent.freshStats();
            long startNanos = System.nanoTime();
            Watch watch = new Watch(agent.pid(), redis);
            JsonObject after = before;
            CpuTimes machine = CpuTimes.now();
            ProcessTimes agentTimes = ProcessTimes.of(agent.pid());
            ProcessTimes redisTimes = ProcessTimes.of(redis.pid());
            long lastNanos = startNanos;
            while (System.nanoTime() - startNanos < minutes * 60_000_000_000L - 1_000_000_000L) {
                after = agent.nextStats();
                long nowNanos = System.nanoTime();
                CpuTimes machineNow = CpuTimes.now();
                ProcessTimes agentNow = ProcessTimes.of(agent.pid());
                ProcessTimes redisNow = ProcessTimes.of(redis.pid());
                double foreign = machineNow.since(machine).busySeconds()
                        - agentNow.since(agentTimes).seconds()
                        - redisNow.since(redisTimes).seconds();
                course.add(String.format(
                        Locale.ROOT,
                        "%.0f,%.1f,%.1f,%d,%d,%d,%.2f",
                        (nowNanos - startNanos) / 1e9,
                        ProcessTimes.megabytes(agent.pid(), "VmRSS"),
                        ProcessTimes.megabytes(redis.pid(), "VmRSS"),
                        after.get("sent").getAsLong(),
                        after.get("lost").getAsLong(),
                        agent.errListSize(),
                        foreign / ((nowNanos - lastNanos) / 1e9)));
                machine = machineNow;
                agentTimes = agentNow;
                redisTimes = redisNow;
                lastNanos = nowNanos;
            }
            double seconds = (System.nanoTime() - startNanos) / 1e9;
            double perSecond = AgentRun.difference(before, after, "sent") / seconds;
            Figures figures = new Figures().put(Metric.PROBES_PER_S, perSecond).put(Metric.SECONDS, seconds);
            watch.end(figures, perSecond);
            gcLog.read(watch.startMillis(), System.currentTimeMillis(), figures);
            keys(agent);
            sightings.end();
            long lost = (long) AgentRun.difference(before, after, "lost");
            say(String.format(
                    Locale.ROOT,
                    "run:      %.0f s, %.0f probes/s, sent %.0f, false losses %d, on the err list %d %s, overruns %.0f,"
                            + " kernel drops %.0f",
                    seconds,
                    perSecond,
                    AgentRun.difference(before, after, "sent"),
                    lost,
                    agent.errListSize(),
                    agent.someOfErrList(),
                    AgentRun.difference(before, after, "overruns"),
                    AgentRun.difference(before, after, "kernelDrops")));
            kept &= lost == 0 && agent.errListSize() == 0;
            say("cadence:  " + Gaps.text(Gaps.between(sightings.requestTimes(), 0, Long.MAX_VALUE, address -> true)));
            for (Metric metric : Metric.values()) {
                if (figures.has(metric)) {
                    say(String.format("  %-32s %s", metric.label(), figures.text(metric)));
                }
            }
            say("  what the agent says of itself:   " + after);
        }
    }

    /** Looks at every last-ms key. */
    private void keys(MeasuredAgent agent) {
        int missing = 0;
        int eternal = 0;
        double[] remaining = new double[addresses];
        int count = 0;
        Pipeline pipeline = agent.redis().pipelined();
        for (int from = 0; from < addresses; from += BATCH) {
            List<Response<Long>> answers = new ArrayList<>();
            for (int i = from; i < Math.min(addresses, from + BATCH); i++) {
                answers.add(pipeline.pttl(MeasuredAgent.lastMsKey(i)));
            }
            pipeline.sync();
            for (Response<Long> answer : answers) {
                long millis = answer.get();
                missing += millis == -2 ? 1 : 0;
                eternal += millis == -1 ? 1 : 0;
                if (millis >= 0) {
                    remaining[count++] = millis / 1e3;
                }
            }
        }
        Quantiles ttls = new Quantiles(remaining, count);
        say(String.format(
                Locale.ROOT,
                "keys:     %d of %d present, %d missing, %d without TTL; TTL left: least %.1f s, p1 %.1f s, p50 %.1f s",
                count + eternal,
                addresses,
                missing,
                eternal,
                ttls.quantile(0),
                ttls.quantile(0.01),
                ttls.quantile(0.5)));
        kept &= missing == 0 && eternal == 0;
    }

    private void fallSilent(MeasuredAgent agent, Redis redis) throws IOException {
        if (dark.isEmpty()) {
            return;
        }
        Darkness.prepare();
        int first = 0;
        for (int i = 0; i < dark.size(); i++) {
            int count = dark.get(i);
            Darkness darkness = new Darkness(redis, agent, first, count);
            CpuTimes machine = CpuTimes.now();
            long startNanos = System.nanoTime();
            darkness.run().forEach(this::say);
            say(String.format(
                    Locale.ROOT,
                    "  machine busy: %.2f cores",
                    CpuTimes.now().since(machine).busySeconds() / ((System.nanoTime() - startNanos) / 1e9)));
            first += count;
            if (i + 1 < dark.size()) {
                darkness.awaitRecovery();
            }
        }
    }

    private void say(String line) {
        System.out.println(line);
        report.add(line);
    }
}
