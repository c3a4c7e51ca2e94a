package io.pingagent.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;

/**
 * Addresses that fall silent at once: a rule of the namespace drops their echo requests. Measures how soon they stand on
 * the err list, how soon Redis tells of their keys' expiry, and whether the others keep their cadence. One thread.
 */
final class Darkness {

    private static final int SAMPLE_MASK = 0xff;
    private static final long BEFORE_MILLIS = 45_000;
    private static final long AFTER_MILLIS = 60_000;
    /** Replies on their way have been written by then, and no key has expired yet. */
    private static final long LOOK_MILLIS = 2_500;

    private static final int POLL_MILLIS = 50;
    private static final int BATCH = 1_000;
    private static final long RECOVERY_LIMIT_MILLIS = 240_000;

    private final Redis server;
    private final MeasuredAgent agent;
    private final int first;
    private final int count;
    private final Map<String, Integer> indexOfKey;

    /**
     * @param first index of the first address that falls silent
     * @param count how many do
     */
    Darkness(Redis server, MeasuredAgent agent, int first, int count) {
        this.server = server;
        this.agent = agent;
        this.first = first;
        this.count = count;
        indexOfKey = new HashMap<>();
        for (int i = 0; i < count; i++) {
            indexOfKey.put(MeasuredAgent.lastMsKey(first + i), i);
        }
    }

    /** Makes the rule, which at first is for nobody. Once per namespace. */
    static void prepare() throws IOException {
        nft("""
                table ip bench {
                  set dark { type ipv4_addr; flags interval; }
                  chain input { type filter hook input priority 0; icmp type echo-request ip daddr @dark drop; }
                }
                """);
    }

    private static void nft(String rules) throws IOException {
        String complaint = Processes.output(Map.of(), List.of("nft", rules));
        if (!complaint.isEmpty()) {
            throw new IOException("nft: " + complaint);
        }
    }

    private String range() {
        return "element ip bench dark { " + AddressRange.text(first) + "-"
                + AddressRange.text(first + count - 1) + " }";
    }

    /** Runs the case; the lines of its report. */
    List<String> run() throws IOException {
        List<String> report = new ArrayList<>();
        boolean isDark = false;
        long alreadyListed = agent.errListSize();
        try (Sightings sightings = new Sightings(SAMPLE_MASK, false, false);
                ExpiredEvents events = new ExpiredEvents(server.port(), indexOfKey)) {
            Processes.pauseMillis(BEFORE_MILLIS);
            long ruleWallNanos = System.currentTimeMillis() * 1_000_000;
            long ruleNanos = System.nanoTime();
            isDark = true;
            nft("add " + range());
            List<long[]> sizes = new ArrayList<>();
            watchErrList(sizes, ruleNanos, LOOK_MILLIS, alreadyListed);
            long[] expiryNanos = expiries();
            watchErrList(sizes, ruleNanos, AFTER_MILLIS, alreadyListed);
            long members = members();
            long untilWallNanos = System.currentTimeMillis() * 1_000_000;
            long others = agent.errListSize() - members;
            sightings.end();
            report.add(String.format(Locale.ROOT, "%d addresses fall silent:", count));
            report.add(String.format(
                    Locale.ROOT,
                    "  on the err list after the rule: 1%% %.2f s, 50%% %.2f s, 99%% %.2f s, all %.2f s"
                            + " (%d of %d; others on it: %d, before: %d)",
                    reached(sizes, 0.01, ruleNanos),
                    reached(sizes, 0.5, ruleNanos),
                    reached(sizes, 0.99, ruleNanos),
                    reached(sizes, 1, ruleNanos),
                    members,
                    count,
                    others,
                    alreadyListed));
            report.add("  expired event after the key's TTL: " + eventDelays(events, expiryNanos));
            Map<Integer, List<Long>> times = sightings.requestTimes();
            int from = AddressRange.bits(first);
            Quantiles before =
                    Gaps.between(times, 0, ruleWallNanos, address -> address < from || address >= from + count);
            Quantiles after = Gaps.between(
                    times,
                    ruleWallNanos,
                    untilWallNanos,
                    address -> address < from || address >= from + count);
            report.add("  cadence of the others before: " + Gaps.text(before));
            report.add("  cadence of the others after:  " + Gaps.text(after));
            report.add(String.format(
                    Locale.ROOT, "  p99 after / before: %.3f", after.quantile(0.99) / before.quantile(0.99)));
        } finally {
            if (isDark) {
                nft("delete " + range());
            }
        }
        return report;
    }

    /** Waits until all have left the err list again, or some minutes. */
    void awaitRecovery() throws IOException {
        long deadlineNanos = System.nanoTime() + RECOVERY_LIMIT_MILLIS * 1_000_000;
        while (agent.errListSize() > 0 && System.nanoTime() - deadlineNanos < 0) {
            Processes.pauseMillis(1_000);
        }
    }

    /** Notes the size of the err list, less what was on it before, until so long after the rule. */
    private void watchErrList(List<long[]> sizes, long ruleNanos, long untilMillis, long before) throws IOException {
        while (System.nanoTime() - ruleNanos < untilMillis * 1_000_000) {
            long size = agent.errListSize() - before;
            sizes.add(new long[] {System.nanoTime(), size});
            Processes.pauseMillis(POLL_MILLIS);
        }
    }

    private double reached(List<long[]> sizes, double share, long ruleNanos) {
        long wanted = Math.max(1, (long) Math.ceil(share * count));
        return sizes.stream()
                .filter(size -> size[1] >= wanted)
                .mapToDouble(size -> (size[0] - ruleNanos) / 1e9)
                .findFirst()
                .orElse(Double.NaN);
    }

    /** When each key will expire by Redis's own word, by {@link System#nanoTime}; 0 if it has. */
    private long[] expiries() {
        long[] expiries = new long[count];
        Pipeline pipeline = agent.redis().pipelined();
        for (int from = 0; from < count; from += BATCH) {
            int until = Math.min(count, from + BATCH);
            List<Response<Long>> remaining = new ArrayList<>();
            for (int i = from; i < until; i++) {
                remaining.add(pipeline.pttl(MeasuredAgent.lastMsKey(first + i)));
            }
            pipeline.sync();
            long nowNanos = System.nanoTime();
            for (int i = from; i < until; i++) {
                long millis = remaining.get(i - from).get();
                expiries[i] = millis <= 0 ? 0 : nowNanos + millis * 1_000_000;
            }
        }
        return expiries;
    }

    private String eventDelays(ExpiredEvents events, long[] expiryNanos) {
        double[] millis = new double[count];
        int heard = 0;
        int missing = 0;
        for (int i = 0; i < count; i++) {
            if (expiryNanos[i] != 0 && events.heardNanos(i) != 0) {
                millis[heard++] = (events.heardNanos(i) - expiryNanos[i]) / 1e6;
            } else if (expiryNanos[i] != 0) {
                missing++;
            }
        }
        Quantiles delays = new Quantiles(millis, heard);
        return String.format(
                Locale.ROOT,
                "p50 %.0f ms, p99 %.0f ms, max %.0f ms (%d events, %d missing)",
                delays.quantile(0.5),
                delays.quantile(0.99),
                delays.quantile(1),
                heard,
                missing);
    }

    private long members() {
        long members = 0;
        for (int from = 0; from < count; from += BATCH) {
            String[] texts = new String[Math.min(count - from, BATCH)];
            int start = first + from;
            Arrays.setAll(texts, i -> AddressRange.text(start + i));
            members += agent.redis().smismember("agent-err-list_" + AgentFile.AGENT, texts).stream()
                    .filter(Boolean::booleanValue)
                    .count();
        }
        return members;
    }
}
