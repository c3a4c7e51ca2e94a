package io.pingagent.base;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Logs a message at its first occurrence, then counts it. The count is logged once a period while it grows. Only the
 * most recent messages are remembered. Not thread-safe.
 */
public final class FoldedMessages {

    private static final int MAX_REMEMBERED = 100;

    private final Consumer<String> log;
    private final long periodNanos;
    private final Map<String, Met> byMessage = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Met> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    private static final class Met {
        private final FoldedCount folded;
        private long times;

        Met(long periodNanos) {
            folded = new FoldedCount(periodNanos);
        }
    }

    /**
     * @param log takes each line
     * @param periodNanos least time between two lines about the same message
     */
    public FoldedMessages(Consumer<String> log, long periodNanos) {
        this.log = log;
        this.periodNanos = periodNanos;
    }

    /**
     * @param message the whole line, the same each time: it distinguishes one from another
     * @param nowNanos by the monotonic clock
     */
    public void add(String message, long nowNanos) {
        Met met = byMessage.computeIfAbsent(message, any -> new Met(periodNanos));
        met.times++;
        long more = met.folded.take(met.times, nowNanos);
        if (met.times == 1) {
            log.accept(message);
        } else if (more > 0) {
            log.accept(message + " (" + more + " times more)");
        }
    }
}
