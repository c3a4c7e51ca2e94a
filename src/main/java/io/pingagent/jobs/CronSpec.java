package io.pingagent.jobs;

import io.pingagent.model.TimeZones;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When a job fires. Immutable.
 *
 * <p>Understood are
 *
 * <ul>
 *   <li>five-field Unix cron: minute, hour, day of month, month, weekday;
 *   <li>the same with a field for seconds before it;
 *   <li>{@code @every 1h30m}: from 1 s to 366 d in whole seconds, units d, h, m, s. Its times are multiples of the
 *       period since 1970, so that a restart keeps the phase;
 *   <li>{@code @hourly}, {@code @daily}, {@code @midnight}, {@code @weekly}, {@code @monthly}, {@code @yearly},
 *       {@code @annually}.
 * </ul>
 *
 * <p>Fields take {@code *}, values, ranges, lists, steps and the English names of months and weekdays in three letters.
 * Sunday is 0 and 7. If day of month and weekday are both anything but {@code *}, a day fires when either names it.
 *
 * <p>Fields are meant in a time zone: that of {@code CRON_TZ=Area/City} (or {@code TZ=}) before the rest, else the one
 * given to {@link #parse}.
 *
 * <p>Daylight saving time: a spec fires whenever the zone's clocks show a matching time. So an interval stays even
 * through both changes if it divides the change, as {@code *}{@code /10} does. The change is an hour; half an hour on
 * Lord Howe Island. A daily time within the skipped hour is left out on that day, and one within the repeated hour
 * fires twice. The gaps are those of ordinary days. {@code @every} knows no zone.
 */
public final class CronSpec {

    /** No round is stretched beyond this, so that an hourly job has its result within a minute. */
    public static final Duration LONGEST_SPREAD = Duration.ofMinutes(1);

    /** All values of all fields, written out as lists, fit twice. */
    private static final int MAX_CHARACTERS = 1_000;

    private static final long MAX_PERIOD_SECONDS = 366L * 86_400;

    private static final Map<String, String> MACROS = Map.of(
            "@hourly", "0 0 * * * *",
            "@daily", "0 0 0 * * *",
            "@midnight", "0 0 0 * * *",
            "@weekly", "0 0 0 * * 0",
            "@monthly", "0 0 0 1 * *",
            "@yearly", "0 0 0 1 1 *",
            "@annually", "0 0 0 1 1 *");

    private static final Pattern ZONE_PREFIX = Pattern.compile("(?:CRON_)?TZ=(\\S*)\\s*(.*)", Pattern.DOTALL);
    private static final Pattern EVERY = Pattern.compile("@every\\s+(\\S+)");
    private static final Pattern DURATION = Pattern.compile("(?:\\d{1,9}(?:\\.\\d{1,9})?(?:ms|us|µs|ns|d|h|m|s))+");
    private static final Pattern DURATION_PART = Pattern.compile("([\\d.]+)([a-zµ]+)");

    private static final Map<String, BigDecimal> UNIT_SECONDS = Map.of(
            "d", new BigDecimal(86_400),
            "h", new BigDecimal(3_600),
            "m", new BigDecimal(60),
            "s", BigDecimal.ONE,
            "ms", new BigDecimal("0.001"),
            "us", new BigDecimal("0.000001"),
            "µs", new BigDecimal("0.000001"),
            "ns", new BigDecimal("0.000000001"));

    private final String text;
    private final ZoneId zone;

    /** Null for {@code @every}. */
    private final @Nullable CronFields fields;

    private final Duration shortestGap;
    private final Duration longestGap;

    private CronSpec(String text, ZoneId zone, @Nullable CronFields fields, Duration shortestGap, Duration longestGap) {
        this.text = text;
        this.zone = zone;
        this.fields = fields;
        this.shortestGap = shortestGap;
        this.longestGap = longestGap;
    }

    /** Same as {@link #parse(String, ZoneId)}, in the time zone of this machine. */
    public static CronSpec parse(String text) {
        return parse(text, ZoneId.systemDefault());
    }

    /**
     * @param zone in which the fields are meant, unless the text begins with {@code CRON_TZ=}
     * @throws IllegalArgumentException if the text is no spec, or one that never fires; the message quotes it
     */
    public static CronSpec parse(String text, ZoneId zone) {
        return new CronSpecs(zone).get(text);
    }

    /** What is wrong with the text, in words that follow it in a sentence, or null if {@link #parse} takes it. */
    public static @Nullable String problemOf(String text) {
        try {
            read(text, ZoneOffset.UTC);
            return null;
        } catch (InvalidSpecException e) {
            return e.what();
        }
    }

    /** The time zone that the text itself names, or null if it leaves that to {@code jobs.time-zone}. */
    public static @Nullable String zoneNameIn(String text) {
        Matcher prefix = ZONE_PREFIX.matcher(text.strip());
        return prefix.matches() ? prefix.group(1) : null;
    }

    static CronSpec read(String text, ZoneId defaultZone) throws InvalidSpecException {
        String whole = text.strip();
        if (whole.length() > MAX_CHARACTERS) {
            throw new InvalidSpecException("has " + whole.length() + " characters; write at most " + MAX_CHARACTERS);
        }
        Matcher prefix = ZONE_PREFIX.matcher(whole);
        boolean hasZone = prefix.matches();
        return read(whole, hasZone ? prefix.group(2) : whole, hasZone ? zone(prefix.group(1)) : defaultZone);
    }

    private static ZoneId zone(String name) throws InvalidSpecException {
        try {
            return TimeZones.of(name);
        } catch (IllegalArgumentException e) {
            throw new InvalidSpecException(
                    "has a bad time zone: " + e.getMessage() + "; write for example CRON_TZ=Europe/Berlin 0 6 * * *");
        }
    }

    private static CronSpec read(String whole, String stripped, ZoneId zone) throws InvalidSpecException {
        if (stripped.isEmpty()) {
            throw new InvalidSpecException(
                    whole.isEmpty()
                            ? "is empty; write for example */10 * * * * *"
                            : "has nothing after the time zone; write for example CRON_TZ=Europe/Berlin 0 6 * * *");
        }
        Matcher every = EVERY.matcher(stripped);
        if (every.matches()) {
            Duration period = period(every.group(1));
            return new CronSpec(whole, zone, null, period, period);
        }
        String macro = MACROS.get(stripped);
        if (stripped.startsWith("@") && macro == null) {
            throw new InvalidSpecException(
                    "is unknown; write @every 10s, @hourly, @daily, @midnight, @weekly, @monthly,"
                            + " @yearly or @annually");
        }
        CronFields fields = fields(macro != null ? macro : stripped);
        CronFields.Gaps gaps = fields.gaps();
        if (gaps == null) {
            throw new InvalidSpecException("never fires: no such day of month in these months");
        }
        return new CronSpec(
                whole,
                zone,
                fields,
                Duration.ofSeconds(gaps.shortestSeconds()),
                Duration.ofSeconds(gaps.longestSeconds()));
    }

    private static CronFields fields(String text) throws InvalidSpecException {
        String[] words = text.split("\\s+", -1);
        if (words.length != 5 && words.length != 6) {
            throw new InvalidSpecException("has " + words.length + (words.length == 1 ? " field" : " fields")
                    + "; cron has five (minute, hour, day of month, month, weekday) or six with seconds first");
        }
        int offset = words.length - 5;
        String dayOfMonth = words[offset + 2];
        String dayOfWeek = words[offset + 4];
        return new CronFields(
                offset == 0 ? 1 : CronField.SECOND.parse(words[0]),
                CronField.MINUTE.parse(words[offset]),
                CronField.HOUR.parse(words[offset + 1]),
                new CronDays(
                        CronField.DAY_OF_MONTH.parse(dayOfMonth),
                        CronField.MONTH.parse(words[offset + 3]),
                        CronField.DAY_OF_WEEK.parse(dayOfWeek),
                        !dayOfMonth.equals("*"),
                        !dayOfWeek.equals("*")));
    }

    private static Duration period(String text) throws InvalidSpecException {
        if (!DURATION.matcher(text).matches()) {
            throw new InvalidSpecException(
                    "has no duration after @every; write for example @every 10s or @every 1h30m");
        }
        BigDecimal seconds = BigDecimal.ZERO;
        Matcher part = DURATION_PART.matcher(text);
        while (part.find()) {
            BigDecimal unit = UNIT_SECONDS.get(part.group(2));
            if (unit == null) {
                throw new InvalidSpecException("has the unknown unit '" + part.group(2) + "'; use d, h, m or s");
            }
            seconds = seconds.add(new BigDecimal(part.group(1)).multiply(unit));
        }
        if (seconds.stripTrailingZeros().scale() > 0) {
            throw new InvalidSpecException("is no whole number of seconds; write for example @every 10s");
        }
        if (seconds.signum() == 0 || seconds.compareTo(BigDecimal.valueOf(MAX_PERIOD_SECONDS)) > 0) {
            throw new InvalidSpecException("is outside 1s to 366d");
        }
        return Duration.ofSeconds(seconds.longValueExact());
    }

    /** In which the fields are meant; without effect on {@code @every}. */
    public ZoneId zone() {
        return zone;
    }

    /** @return the first time after the given one, on a whole second; null if there is none within 28 years */
    public @Nullable Instant nextAfter(Instant after) {
        if (fields != null) {
            return fields.nextAfter(after, zone);
        }
        long period = shortestGap.toSeconds();
        return Instant.ofEpochSecond((Math.floorDiv(after.getEpochSecond(), period) + 1) * period);
    }

    /**
     * When the round began that would be running at this time if the spec had been in effect before.
     *
     * @return the last firing that is not after {@code now} and less than {@link #spreadNanos} before it, or null
     */
    public @Nullable Instant runningSince(Instant now) {
        Instant last = null;
        Instant next = nextAfter(now.minusNanos(spreadNanos()));
        while (next != null && !next.isAfter(now)) {
            last = next;
            next = nextAfter(next);
        }
        return last;
    }

    /** The least time between two firings, at least 1 s; exact but for changes of the offset from UTC. */
    public Duration shortestGap() {
        return shortestGap;
    }

    /** The most time between two firings, up to 8 years; exact but for changes of the offset from UTC. */
    public Duration longestGap() {
        return longestGap;
    }

    /**
     * Over how long the probes of one round are spread: the shortest gap, so that no two rounds overlap, and
     * {@link #LONGEST_SPREAD} at most.
     */
    public long spreadNanos() {
        return (shortestGap.compareTo(LONGEST_SPREAD) < 0 ? shortestGap : LONGEST_SPREAD).toNanos();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CronSpec spec && text.equals(spec.text) && zone.equals(spec.zone);
    }

    @Override
    public int hashCode() {
        return text.hashCode() * 31 + zone.hashCode();
    }

    /** As written, without white space around it. */
    @Override
    public String toString() {
        return text;
    }
}
