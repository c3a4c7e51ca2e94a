package io.pingagent.jobs;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import org.jspecify.annotations.Nullable;

/**
 * The six fields of a cron spec as masks, see {@link CronField}.
 *
 * <p>The second, minute and hour masks name the same times on every day that fires at all. Whether a day fires depends
 * on its date alone. So the next time is found by days first, and all gaps follow from one day's times and from the
 * days.
 */
record CronFields(long seconds, long minutes, long hours, CronDays days) {

    private static final int DAY_SECONDS = 86_400;

    /** The Gregorian calendar repeats weekdays and leap years after so long, and 29 February comes after 8 at the latest. */
    private static final int SEARCH_YEARS = 28;

    private static final LocalDate SEARCH_START = LocalDate.of(2000, 1, 1);

    /** Null if no day of a 28-year cycle fires. */
    @Nullable
    Gaps gaps() {
        if (days.areAll()) {
            return gaps(1, 1);
        }
        LocalDate end = SEARCH_START.plusYears(SEARCH_YEARS);
        long shortestDays = Long.MAX_VALUE;
        long longestDays = 0;
        long firstDay = -1;
        long previousDay = -1;
        for (LocalDate date = SEARCH_START; date.isBefore(end); date = date.plusDays(1)) {
            if (days.contain(date)) {
                long day = date.toEpochDay();
                if (previousDay >= 0) {
                    shortestDays = Math.min(shortestDays, day - previousDay);
                    longestDays = Math.max(longestDays, day - previousDay);
                } else {
                    firstDay = day;
                }
                previousDay = day;
            }
        }
        if (previousDay < 0) {
            return null;
        }
        // From the cycle's last day to the first one of the next cycle.
        long wrapDays = firstDay - SEARCH_START.toEpochDay() + end.toEpochDay() - previousDay;
        return gaps(Math.min(shortestDays, wrapDays), Math.max(longestDays, wrapDays));
    }

    private Gaps gaps(long shortestDays, long longestDays) {
        int first = nextSecondOfDay(0);
        int last = first;
        long shortest = Long.MAX_VALUE;
        long longest = 0;
        for (int next = nextSecondOfDay(first + 1); next >= 0; next = nextSecondOfDay(next + 1)) {
            shortest = Math.min(shortest, next - last);
            longest = Math.max(longest, next - last);
            last = next;
        }
        int overnight = DAY_SECONDS - last + first;
        return new Gaps(
                Math.min(shortest, overnight + (shortestDays - 1) * DAY_SECONDS),
                Math.max(longest, overnight + (longestDays - 1) * DAY_SECONDS));
    }

    /** @return the first instant after the given one at which the zone's clocks show a matching time; null if none */
    @Nullable
    Instant nextAfter(Instant after, ZoneId zone) {
        ZoneRules rules = zone.getRules();
        Instant from = Instant.ofEpochSecond(after.getEpochSecond() + 1);
        Instant limit = from.plusSeconds(SEARCH_YEARS * 366L * DAY_SECONDS);
        while (from.isBefore(limit)) {
            // Up to the next change of the offset the local time runs evenly.
            ZoneOffset offset = rules.getOffset(from);
            ZoneOffsetTransition change = rules.nextTransition(from);
            Instant end = change == null || change.getInstant().isAfter(limit) ? limit : change.getInstant();
            LocalDateTime next = nextFrom(
                    LocalDateTime.ofInstant(from, offset),
                    LocalDateTime.ofInstant(end, offset).toLocalDate());
            if (next != null && next.toInstant(offset).isBefore(end)) {
                return next.toInstant(offset);
            }
            from = end;
        }
        return null;
    }

    private @Nullable LocalDateTime nextFrom(LocalDateTime from, LocalDate lastDay) {
        int secondOfDay = from.toLocalTime().toSecondOfDay();
        for (LocalDate day = from.toLocalDate(); !day.isAfter(lastDay); day = day.plusDays(1)) {
            if (days.contain(day)) {
                int found = nextSecondOfDay(secondOfDay);
                if (found >= 0) {
                    return day.atStartOfDay().plusSeconds(found);
                }
            }
            secondOfDay = 0;
        }
        return null;
    }

    /** @return the first matching second of a day that is not before {@code from}, or -1 */
    private int nextSecondOfDay(int from) {
        int hour = from / 3600;
        int minute = from / 60 % 60;
        int second = next(seconds, from % 60);
        if (second < 0) {
            second = next(seconds, 0);
            minute++;
        }
        int foundMinute = next(minutes, minute);
        if (foundMinute < 0) {
            foundMinute = next(minutes, 0);
            hour++;
        }
        if (foundMinute != minute) {
            second = next(seconds, 0);
        }
        int foundHour = next(hours, hour);
        if (foundHour < 0) {
            return -1;
        }
        if (foundHour != hour) {
            foundMinute = next(minutes, 0);
            second = next(seconds, 0);
        }
        return foundHour * 3600 + foundMinute * 60 + second;
    }

    /** @return the lowest value of the mask from {@code least} (0 to 63) on, or -1 */
    private static int next(long mask, int least) {
        long rest = mask >>> least << least;
        return rest == 0 ? -1 : Long.numberOfTrailingZeros(rest);
    }

    /** In seconds. */
    record Gaps(long shortestSeconds, long longestSeconds) {}
}
