package io.pingagent.redis;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.Logger;

/**
 * Logs an error when it is first seen, then only counts it, and says the count every five minutes while it goes on. Not
 * thread-safe.
 */
public final class RepeatedErrors {

    private static final long REPEAT_NANOS = TimeUnit.MINUTES.toNanos(5);
    private static final int MAX_KINDS = 100;

    private static final class Seen {
        long count;
        long saidNanos;
    }

    private final Logger log;
    private final Map<String, Seen> byMessage = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
            return size() > MAX_KINDS;
        }
    };

    public RepeatedErrors(Logger log) {
        this.log = log;
    }

    /** @param message the whole line, the same each time: it is what tells one error from another */
    public void report(String message, long nowNanos) {
        Seen seen = byMessage.get(message);
        if (seen == null) {
            seen = new Seen();
            seen.saidNanos = nowNanos;
            byMessage.put(message, seen);
            log.warn(message);
            return;
        }
        seen.count++;
        if (nowNanos - seen.saidNanos >= REPEAT_NANOS) {
            log.warn("{} ({} times more)", message, seen.count);
            seen.saidNanos = nowNanos;
            seen.count = 0;
        }
    }
}
