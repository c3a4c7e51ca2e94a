package io.pingagent.zabbix.transport;

import java.time.Duration;

/** Spans of time in messages. Stateless. */
public final class DurationText {

    private static final long MILLIS_PER_SECOND = 1_000;

    private DurationText() {}

    /** {@code 10 s}, or {@code 700 ms} where seconds would be wrong. */
    public static String text(Duration span) {
        long millis = span.toMillis();
        return millis % MILLIS_PER_SECOND == 0 ? millis / MILLIS_PER_SECOND + " s" : millis + " ms";
    }
}
