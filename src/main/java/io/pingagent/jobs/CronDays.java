package io.pingagent.jobs;

import java.time.LocalDate;

/**
 * The days on which a cron spec fires, as masks, see {@link CronField}.
 *
 * @param dayOfMonthRestricted whether the field was anything but {@code *}
 * @param dayOfWeekRestricted same; if both are restricted a day fires when either names it
 */
record CronDays(
        long daysOfMonth, long months, long daysOfWeek, boolean dayOfMonthRestricted, boolean dayOfWeekRestricted) {

    boolean contain(LocalDate date) {
        if (!has(months, date.getMonthValue())) {
            return false;
        }
        boolean byDate = has(daysOfMonth, date.getDayOfMonth());
        boolean byWeekday = has(daysOfWeek, date.getDayOfWeek().getValue() % 7);
        return dayOfMonthRestricted && dayOfWeekRestricted ? byDate || byWeekday : byDate && byWeekday;
    }

    /** Whether the spec fires every day, as most do; then no look at 10,000 days is needed. */
    boolean areAll() {
        boolean everyDate = daysOfMonth == CronField.DAY_OF_MONTH.all();
        boolean everyWeekday = daysOfWeek == CronField.DAY_OF_WEEK.all();
        return months == CronField.MONTH.all()
                && (dayOfMonthRestricted && dayOfWeekRestricted
                        ? everyDate || everyWeekday
                        : everyDate && everyWeekday);
    }

    private static boolean has(long mask, int value) {
        return (mask >>> value & 1) != 0;
    }
}
