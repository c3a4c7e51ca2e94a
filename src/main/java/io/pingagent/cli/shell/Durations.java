package io.pingagent.cli.shell;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as users type them: {@code 30s}, {@code 5m}, {@code 2h}, {@code 500ms}. */
public final class Durations {

    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h)?");

    private Durations() {}

    /**
     * @param option for the message
     * @param text a number above 0 and its unit
     * @throws CommandFailure if it is anything else
     */
    public static Duration parse(String option, String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
            throw CommandFailure.usage(option + " takes a duration as 30s, 5m or 2h, not '" + text + "'");
        }
        String unit = matcher.group(2);
        if (unit == null) {
            throw CommandFailure.usage(option + " needs a unit: write " + text + "s, " + text + "m or " + text + "h");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofSeconds(amount);
        };
    }
}
