package io.pingagent.cli;

import io.pingagent.model.Problem;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in the options of {@code job add} what is wrong with the definition that they make. Stateless. */
final class JobOptionWords {

    /** Those that are not called as their field. */
    private static final Map<String, String> OPTIONS =
            Map.of("allowedloss", "--allowed-loss", "dontfragment", "--dont-fragment");

    /** As in {@code "count":5}, {@code "gap":"13ms"} and {@code "group":["g1"]}. */
    private static final Pattern FIELD = Pattern.compile("\"([A-Za-z]+)\":\\[?\"?([^\",\\] ]+)\"?]?");

    private static final Pattern LIST_AND_QUOTES = Pattern.compile("[\\[\\]\"]");

    private JobOptionWords() {}

    /**
     * One line for a terminal.
     *
     * @param job the job's name
     * @param key the Redis key of its definition, with which the place of the problem begins
     */
    static String of(Problem problem, String job, String key) {
        String begin = key + ": ";
        if (!problem.where().startsWith(begin)) {
            return "job '" + job + "': " + problem.what() + "; " + problem.remedy();
        }
        return option(problem.where().substring(begin.length())) + ": " + problem.what() + "; "
                + remedy(problem.remedy());
    }

    private static String remedy(String json) {
        String options = FIELD.matcher(json)
                .replaceAll(field -> Matcher.quoteReplacement(option(field.group(1)) + " " + field.group(2)));
        return LIST_AND_QUOTES.matcher(options).replaceAll("");
    }

    private static String option(String field) {
        String lower = field.toLowerCase(Locale.ROOT);
        return OPTIONS.getOrDefault(lower, "--" + lower);
    }
}
