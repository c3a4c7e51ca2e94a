package io.pingagent.testkit;

import io.pingagent.model.Addresses;
import io.pingagent.testkit.Behaviour.Answer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Behaviours in words, as the command line of {@link TunResponder} takes them. Stateless. */
final class BehaviourWords {

    /** For messages. */
    static final String HELP = "5ms (delay), jitter=2ms, drop=20%, dup[=N], dup-gap=1ms, silent, corrupt, forged,"
            + " truncate[=BYTES], padded, foreign[=ADDRESS], wrongid, wrongseq, garbage, net-unreachable,"
            + " unreachable, port-unreachable, prohibited, too-big, exceeded, parameter, quote=BYTES,"
            + " quote-options, options, share=50%, and-honest, ttl=N";

    private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)(us|ms|s|m)");

    private static final Map<String, Answer> ANSWERS = Map.ofEntries(
            Map.entry("silent", Answer.SILENCE),
            Map.entry("corrupt", Answer.CORRUPT),
            Map.entry("forged", Answer.FORGED),
            Map.entry("padded", Answer.PADDED),
            Map.entry("wrongid", Answer.WRONG_IDENTIFIER),
            Map.entry("wrongseq", Answer.WRONG_SEQUENCE),
            Map.entry("garbage", Answer.GARBAGE),
            Map.entry("net-unreachable", Answer.NET_UNREACHABLE),
            Map.entry("unreachable", Answer.HOST_UNREACHABLE),
            Map.entry("port-unreachable", Answer.PORT_UNREACHABLE),
            Map.entry("prohibited", Answer.ADMIN_PROHIBITED),
            Map.entry("too-big", Answer.TOO_BIG),
            Map.entry("exceeded", Answer.TIME_EXCEEDED),
            Map.entry("parameter", Answer.PARAMETER_PROBLEM));

    private BehaviourWords() {}

    /**
     * @param word one of {@link #HELP}
     * @throws IllegalArgumentException naming the word, if it is none
     */
    static Behaviour apply(Behaviour behaviour, String word) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        String value = equals < 0 ? null : word.substring(equals + 1);
        Answer answer = ANSWERS.get(name);
        if (answer != null && value == null) {
            return behaviour.answering(answer);
        }
        return switch (name) {
            case "jitter" -> behaviour.jitter(duration(needed(word, value)));
            case "drop" -> behaviour.losing(percent(needed(word, value)));
            case "dup" ->
                behaviour.duplicated(
                        value == null ? 1 : Integer.parseInt(value), Duration.ofNanos(behaviour.duplicateGapNanos));
            case "dup-gap" -> behaviour.duplicated(behaviour.duplicates, duration(needed(word, value)));
            case "truncate" ->
                value == null ? behaviour.answering(Answer.TRUNCATED) : behaviour.truncatedTo(Integer.parseInt(value));
            case "foreign" ->
                value == null ? behaviour.answering(Answer.FOREIGN_SOURCE) : behaviour.from(Addresses.parse(value));
            case "quote" -> behaviour.quoting(Integer.parseInt(needed(word, value)));
            case "quote-options" -> behaviour.withOptionsInQuote();
            case "options" -> behaviour.withOptions();
            case "share" -> behaviour.sometimes(percent(needed(word, value)));
            case "and-honest" -> behaviour.andHonest();
            case "ttl" -> behaviour.hopLimit(Integer.parseInt(needed(word, value)));
            default -> behaviour.after(duration(word));
        };
    }

    private static String needed(String word, @Nullable String value) {
        if (value == null) {
            throw new IllegalArgumentException("'" + word + "' needs a value: " + word + "=…");
        }
        return value;
    }

    static double percent(String text) {
        if (!text.endsWith("%")) {
            throw new IllegalArgumentException("'" + text + "' is no percentage such as 20%");
        }
        return Double.parseDouble(text.substring(0, text.length() - 1)) / 100;
    }

    /** A duration such as {@code 5ms}, {@code 1.5s}, {@code 2m}. */
    static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is neither a duration such as 5ms nor one of " + HELP);
        }
        double unitNanos = switch (matcher.group(2)) {
            case "us" -> 1e3;
            case "ms" -> 1e6;
            case "s" -> 1e9;
            default -> 60e9;
        };
        return Duration.ofNanos(Math.round(Double.parseDouble(matcher.group(1)) * unitNanos));
    }
}
