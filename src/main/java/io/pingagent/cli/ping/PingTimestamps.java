package io.pingagent.cli.ping;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How {@code -D} writes when a probe was settled: fping's forms, the named ones in local time. */
enum PingTimestamps {
    /** Without {@code -D}. */
    NONE(null),
    /** {@code 1795328895.04071}: Unix seconds. */
    UNIX(null),
    /** {@code Mon Jun 10 07:50:00 2024}: strftime's {@code %c} in the C locale. */
    CTIME("EEE MMM ppd HH:mm:ss yyyy"),
    /** {@code 2024-06-10T07:50:00+0200}: ISO 8601, basic offset. */
    ISO("yyyy-MM-dd'T'HH:mm:ssxx"),
    /** {@code 2024-06-10 07:50:00}: RFC 3339 without the offset that it demands, as fping has it. */
    RFC3339("yyyy-MM-dd HH:mm:ss");

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final @Nullable DateTimeFormatter form;

    PingTimestamps(@Nullable String pattern) {
        form = pattern == null ? null : DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
    }

    /** @param wallNanos Unix nanoseconds */
    String format(long wallNanos, ZoneId zone) {
        if (form != null) {
            Instant moment = Instant.ofEpochSecond(wallNanos / NANOS_PER_SECOND, wallNanos % NANOS_PER_SECOND);
            return form.format(moment.atZone(zone));
        }
        long tenMicros = wallNanos / 10_000;
        String fraction = Long.toString(100_000 + tenMicros % 100_000).substring(1);
        return tenMicros / 100_000 + "." + fraction;
    }
}
