package io.pingagent.jobs;

import io.pingagent.base.OneLine;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The fields of a cron spec. A field is read into a mask: bit <i>n</i> is set when the value <i>n</i> is named.
 *
 * <p>Sunday is 0 and 7 on the way in and 0 in the mask. {@code SUN} begins a range as 0 and ends it as 7, so
 * {@code SUN-TUE} and {@code FRI-SUN} mean what they say.
 */
enum CronField {
    SECOND("second", 0, 59, List.of()),
    MINUTE("minute", 0, 59, List.of()),
    HOUR("hour", 0, 23, List.of()),
    DAY_OF_MONTH("day of month", 1, 31, List.of()),
    MONTH("month", 1, 12, List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")),
    DAY_OF_WEEK("weekday", 0, 6, List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"));

    private static final int MAX_SHOWN = 60;
    private static final int SUNDAY_AT_THE_END = 7;

    /** What may stand between commas: {@code *}, a value or a range, each with a step. */
    private static final Pattern ELEMENT =
            Pattern.compile("(?:(\\*)|([0-9A-Za-z]{1,9})(?:-([0-9A-Za-z]{1,9}))?)(?:/([0-9]{1,9}))?");

    private final String label;
    private final int least;
    private final int most;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> names;

    CronField(String label, int least, int most, List<String> names) {
        this.label = label;
        this.least = least;
        this.most = most;
        this.names = names;
    }

    /** The mask of {@code *}. */
    long all() {
        return range(least, most, 1);
    }

    /** @throws InvalidSpecException naming the field, the text seen and the range allowed */
    long parse(String text) throws InvalidSpecException {
        long mask = 0;
        for (String element : text.split(",", -1)) {
            mask |= parseElement(element);
        }
        return mask;
    }

    private long parseElement(String element) throws InvalidSpecException {
        Matcher matcher = ELEMENT.matcher(element);
        if (!matcher.matches()) {
            throw invalid(element, element.equals("?") ? "write * instead" : "allowed are " + allowed());
        }
        boolean everything = matcher.group(1) != null;
        boolean stepped = matcher.group(4) != null;
        int step = stepped ? Integer.parseInt(matcher.group(4)) : 1;
        if (step < 1 || step > most) {
            throw invalid(element, "a step is 1 to " + most);
        }
        if (everything) {
            return range(least, most, step);
        }
        int from = value(element, matcher.group(2));
        if (matcher.group(3) == null) {
            return range(from, stepped ? Math.max(from, most) : from, step);
        }
        int to = value(element, matcher.group(3));
        if (this == DAY_OF_WEEK) {
            from = from == SUNDAY_AT_THE_END && to < SUNDAY_AT_THE_END ? 0 : from;
            to = to == 0 && from > 0 ? SUNDAY_AT_THE_END : to;
        }
        if (from > to) {
            throw invalid(element, "the range runs backwards");
        }
        return range(from, to, step);
    }

    private int value(String element, String word) throws InvalidSpecException {
        int index = names.indexOf(word.toUpperCase(Locale.ROOT));
        if (index >= 0) {
            return index + least;
        }
        if (Character.isDigit(word.charAt(0)) && word.chars().allMatch(Character::isDigit)) {
            int value = Integer.parseInt(word);
            if (value >= least && value <= (this == DAY_OF_WEEK ? SUNDAY_AT_THE_END : most)) {
                return value;
            }
        }
        throw invalid(element, "allowed are " + allowed());
    }

    private long range(int from, int to, int step) {
        long mask = 0;
        for (int value = from; value <= to; value += step) {
            mask |= 1L << (this == DAY_OF_WEEK ? value % 7 : value);
        }
        return mask;
    }

    private String allowed() {
        String numbers = least + " to " + (this == DAY_OF_WEEK ? SUNDAY_AT_THE_END : most);
        return names.isEmpty() ? numbers : numbers + " and " + names.get(0) + " to " + names.get(names.size() - 1);
    }

    private InvalidSpecException invalid(String element, String why) {
        return new InvalidSpecException(
                "has '" + OneLine.of(element, MAX_SHOWN) + "' in the field " + label + "; " + why);
    }
}
