package io.pingagent.cli.view;

import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
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
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of one agent at one moment: their sums, and the worst of them. Of a million addresses only the rows that
 * are to be shown are kept. Immutable.
 *
 * @param known whether the agent has written a status at all
 * @param rows the worst first
 */
public record StatusSnapshot(boolean known, Sums sums, List<TargetRow> rows) {

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

    private static final int LAST_MS_BATCH = 2_000;
    private static final double NANOS_PER_MILLI = 1e6;

    /**
     * @param healthy whether addresses without loss are wanted as rows too
     * @param limit most rows
     */
    public static StatusSnapshot read(RedisAdmin redis, String agent, boolean healthy, int limit) {
        try (InputStream json = redis.agents().status(agent)) {
            if (json == null) {
                return new StatusSnapshot(false, new Sums(0, 0, 0, 0, -1), List.of());
            }
            Collector collector = new Collector(healthy, limit);
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
        return new StatusSnapshot(known, sums, filled);
    }

    /** The same with no more than so many rows. */
    public StatusSnapshot withRows(int most) {
        return new StatusSnapshot(known, sums, rows.subList(0, Math.min(most, rows.size())));
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

        private final boolean healthy;
        private final int limit;

        /** The best of the kept rows on top, to be thrown out next. */
        private final PriorityQueue<TargetRow> kept = new PriorityQueue<>(WORST_FIRST.reversed());

        private int targets;
        private int lossy;
        private long sent;
        private long received;
        private int settled;
        private double losses;

        Collector(boolean healthy, int limit) {
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
            kept.add(new TargetRow(ip, sentNow, receivedNow, -1, -1, inErrList));
            if (kept.size() > limit) {
                kept.remove();
            }
        }

        StatusSnapshot result() {
            List<TargetRow> rows = new ArrayList<>(kept);
            rows.sort(WORST_FIRST);
            double loss = settled == 0 ? -1 : losses / settled;
            return new StatusSnapshot(true, new Sums(targets, lossy, sent, received, loss), rows);
        }
    }
}
