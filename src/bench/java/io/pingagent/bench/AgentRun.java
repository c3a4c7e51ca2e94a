package io.pingagent.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;

/** One run of the packaged agent: its job every 10 s, state in Redis, values to a Zabbix that takes everything. */
final class AgentRun {

    private static final int RTT_SAMPLES = 20_000;

    private AgentRun() {}

    static Figures of(int addresses, int zabbixAddresses, int warmSeconds, int seconds) throws IOException {
        GcLog gcLog = new GcLog();
        try (Redis redis = new Redis();
                SinkProcess sink = new SinkProcess();
                AgentFile file = new AgentFile(redis, sink, AgentFile.NO_RATE_LIMIT, "default")) {
            redis.loadCatalogue(addresses, zabbixAddresses);
            try (MeasuredAgent agent = new MeasuredAgent(file, redis, gcLog)) {
                long warmUntilNanos = System.nanoTime() + warmSeconds * 1_000_000_000L;
                JsonObject before = agent.awaitCadence(addresses);
                while (System.nanoTime() - warmUntilNanos < 0) {
                    before = agent.nextStats();
                }
                long startNanos = System.nanoTime();
                Watch watch = new Watch(agent.pid(), redis);
                JsonObject after = agent.nextStats();
                while (System.nanoTime() - startNanos < seconds * 1_000_000_000L - 1_000_000_000L) {
                    after = agent.nextStats();
                }
                double measured = (System.nanoTime() - startNanos) / 1e9;
                long endMillis = System.currentTimeMillis();
                double probesPerSecond = difference(before, after, "sent") / measured;
                Figures figures = new Figures().put(Metric.PROBES_PER_S, probesPerSecond);
                figures.put(Metric.SECONDS, measured);
                watch.end(figures, probesPerSecond);
                figures.put(Metric.FALSE_LOSSES, difference(before, after, "lost"));
                if (after.has("invalidated")) {
                    figures.put(Metric.INVALIDATED, difference(before, after, "invalidated"));
                }
                figures.put(Metric.KERNEL_DROPS, difference(before, after, "kernelDrops"));
                figures.put(Metric.OVERRUNS, difference(before, after, "overruns"));
                lateness(after, figures);
                Quantiles rtt = agent.lastRttMicros(addresses, Math.max(1, addresses / RTT_SAMPLES));
                figures.put(Metric.RTT_P50_US, rtt.quantile(0.5));
                figures.put(Metric.RTT_P99_US, rtt.quantile(0.99));
                figures.put(Metric.RTT_MAX_US, rtt.quantile(1));
                gcLog.read(watch.startMillis(), endMillis, figures);
                return figures;
            }
        } finally {
            gcLog.delete();
        }
    }

    static double difference(JsonObject before, JsonObject after, String name) {
        return after.get(name).getAsDouble() - before.get(name).getAsDouble();
    }

    /** What the agent says of the last interval, {@code {"p50":1.5}}; absent in older ones. */
    private static void lateness(JsonObject stats, Figures figures) {
        if (!stats.has("sendLatenessMillis") || !stats.get("sendLatenessMillis").isJsonObject()) {
            return;
        }
        JsonObject late = stats.getAsJsonObject("sendLatenessMillis");
        late.asMap().forEach((name, value) -> {
            if (value instanceof JsonPrimitive number && number.isNumber()) {
                switch (name) {
                    case "p50" -> figures.put(Metric.LATE_P50_MS, number.getAsDouble());
                    case "p99" -> figures.put(Metric.LATE_P99_MS, number.getAsDouble());
                    case "max" -> figures.put(Metric.LATE_MAX_MS, number.getAsDouble());
                    default -> {
                        // Another quantile.
                    }
                }
            }
        });
    }
}
