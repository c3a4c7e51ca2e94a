package io.pingagent.cli.view;

import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.model.TargetLabels;
import io.pingagent.model.TargetRow;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.admin.RedisAdmin;
import io.pingagent.redis.admin.StatusReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of one agent at one moment: their sums, and the worst of them. Of a million addresses only the rows that
 * are to be shown are kept. Immutable.
 *
 * @param known whether the agent has written a status at all
 * @param rows the worst first
 * @param wanted how many addresses were asked for; {@code rows} may be fewer
 * @param labels of the rows by their addresses, if they were read, of those that have any
 */
public record StatusSnapshot(
        boolean known, Sums sums, List<TargetRow> rows, int wanted, Map<String, TargetLabels> labels) {

    /**
     * Of all addresses, shown or not.
     *
     * @param targets addresses
     * @param lossy addresses with loss or on the err list
     * @param sent probes settled in the last 60 s
     * @param received replies among them
     * @param loss the mean of the addresses' losses, 0 to 1; each counts the same however often it is probed; -1 while nothing
     *     is settled
     */
    public record Sums(int targets, int lossy, long sent, long received, double loss) {}

    /** Highest loss first, then the err list, then more probes, then by text. */
    static final Comparator<TargetRow> WORST_FIRST = Comparator.comparingDouble(TargetRow::loss)
            .reversed()
            .thenComparing(row -> !row.inErrList())
            .thenComparing(Comparator.comparingInt(TargetRow::sent).reversed())
            .thenComparing(TargetRow::address);

    private static final int FILTERED_AT_ONCE = 10_000;
    private static final int LAST_MS_BATCH = 2_000;
    private static final double NANOS_PER_MILLI = 1e6;

    /**
     * @param healthy whether addresses without loss are wanted as rows too
     * @param limit most rows
     */
    public static StatusSnapshot read(RedisAdmin redis, String agent, boolean healthy, int limit) {
        return read(redis, agent, healthy, limit, TargetFilter.ALL);
    }

    /** Same, of the addresses that match; their labels are read. */
    public static StatusSnapshot read(RedisAdmin redis, String agent, boolean healthy, int limit, TargetFilter filter) {
        try (InputStream json = redis.agents().status(agent)) {
            if (json == null) {
                return new StatusSnapshot(false, new Sums(0, 0, 0, 0, -1), List.of(), 0, Map.of());
            }
            RowLabels labels = filter.isAll() ? null : RowLabels.of(redis, agent, true);
            Collector collector = new Collector(labels, healthy, limit, filter);
            StatusReader.read(json, new RedisKeys(agent).allIpStatus(), collector);
            return collector.result();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same with the last round-trip times that Redis has now. */
    public StatusSnapshot withLastMs(RedisAdmin redis, String agent) {
        List<TargetRow> filled = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i += LAST_MS_BATCH) {
            fill(redis, agent, rows.subList(i, Math.min(rows.size(), i + LAST_MS_BATCH)), filled);
        }
        return new StatusSnapshot(known, sums, filled, wanted, labels);
    }

    /** The same with the labels that Redis has now; without them where Redis does not permit to read them. */
    public StatusSnapshot withLabels(RedisAdmin redis, String agent) {
        if (rows.isEmpty()) {
            return this;
        }
        List<String> addresses = rows.stream().map(TargetRow::address).toList();
        return new StatusSnapshot(
                known, sums, rows, wanted, RowLabels.of(redis, agent, false).read(addresses));
    }

    /** Names of the rows by their addresses, of those that have one. */
    public Map<String, String> names() {
        Map<String, String> names = new HashMap<>();
        labels.forEach((address, own) -> {
            if (!own.name().isEmpty()) {
                names.put(address, own.name());
            }
        });
        return names;
    }

    /** The same with no more than so many rows. */
    public StatusSnapshot withRows(int most) {
        return new StatusSnapshot(known, sums, rows.subList(0, Math.min(most, rows.size())), wanted, labels);
    }

    private static void fill(RedisAdmin redis, String agent, List<TargetRow> part, List<TargetRow> filled) {
        List<TargetRow> readable = new ArrayList<>(part.size());
        List<IpAddress> addresses = new ArrayList<>(part.size());
        for (TargetRow row : part) {
            try {
                addresses.add(Addresses.parse(row.address()));
                readable.add(row);
            } catch (IllegalArgumentException e) {
                filled.add(row);
            }
        }
        List<@Nullable String> values = redis.agents().lastMs(agent, addresses);
        for (int i = 0; i < readable.size(); i++) {
            TargetRow row = readable.get(i);
            filled.add(new TargetRow(
                    row.address(),
                    row.sent(),
                    row.received(),
                    nanos(values.get(i)),
                    row.avgRttNanos(),
                    row.inErrList()));
        }
    }

    private static long nanos(@Nullable String millis) {
        try {
            return millis == null ? -1 : Math.round(new BigDecimal(millis).doubleValue() * NANOS_PER_MILLI);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Sums up and keeps the worst. */
    private static final class Collector implements StatusReader.Sink {

        /** Null if every address is wanted. */
        private final @Nullable RowLabels source;

        private final boolean healthy;
        private final int limit;
        private final TargetFilter filter;
        /** Whose labels are not read yet. */
        private final List<TargetRow> unfiltered = new ArrayList<>();

        private final Map<String, TargetLabels> labels = new HashMap<>();

        /** The best of the kept rows on top, to be thrown out next. */
        private final PriorityQueue<TargetRow> kept = new PriorityQueue<>(WORST_FIRST.reversed());

        private int targets;
        private int lossy;
        private long sent;
        private long received;
        private int settled;
        private double losses;
        private int wanted;

        Collector(@Nullable RowLabels source, boolean healthy, int limit, TargetFilter filter) {
            this.source = source;
            this.filter = filter;
            this.healthy = healthy;
            this.limit = limit;
        }

        @Override
        public void address(String ip, int sentNow, int receivedNow, boolean inErrList) {
            boolean unwell = inErrList || receivedNow < sentNow;
            targets++;
            lossy += unwell ? 1 : 0;
            sent += sentNow;
            received += receivedNow;
            if (sentNow > 0) {
                settled++;
                losses += Math.max(0, 1 - (double) receivedNow / sentNow);
            }
            if (!healthy && !unwell) {
                return;
            }
            TargetRow row = new TargetRow(ip, sentNow, receivedNow, -1, -1, inErrList);
            if (source == null) {
                keep(row);
            } else {
                unfiltered.add(row);
                if (unfiltered.size() == FILTERED_AT_ONCE) {
                    filter(source);
                }
            }
        }

        private void keep(TargetRow row) {
            wanted++;
            kept.add(row);
            if (kept.size() > limit) {
                labels.remove(kept.remove().address());
            }
        }

        private void filter(RowLabels rowLabels) {
            Map<String, TargetLabels> some =
                    rowLabels.read(unfiltered.stream().map(TargetRow::address).toList());
            for (TargetRow row : unfiltered) {
                TargetLabels own = some.getOrDefault(row.address(), TargetLabels.NONE);
                if (filter.matches(row.address(), own)) {
                    if (!own.isEmpty()) {
                        labels.put(row.address(), own);
                    }
                    keep(row);
                }
            }
            unfiltered.clear();
        }

        StatusSnapshot result() {
            if (source != null) {
                filter(source);
            }
            List<TargetRow> rows = new ArrayList<>(kept);
            rows.sort(WORST_FIRST);
            double loss = settled == 0 ? -1 : losses / settled;
            return new StatusSnapshot(
                    true, new Sums(targets, lossy, sent, received, loss), rows, wanted, Map.copyOf(labels));
        }
    }
}
