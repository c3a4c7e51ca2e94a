package io.pingagent.jobs;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.pingagent.base.OneLine;
import io.pingagent.model.Job;
import io.pingagent.model.Problem;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON of a job definition. Works on the token stream, so that neither depth nor size of a hostile definition
 * costs more than a look at it. One instance reads one definition.
 */
public final class JobParser {

    /** A definition with a few thousand groups is far below. */
    private static final int MAX_CHARACTERS = 1 << 20;

    /** Longer ones are nonsense, and slow to convert. */
    private static final int MAX_NUMBER_CHARACTERS = 30;

    private static final int MAX_NAME_SHOWN = 60;

    /** More are counted: a definition of a megabyte may have a hundred thousand. */
    private static final int MAX_PROBLEMS = 20;

    private static final String EXAMPLE = "{\"SPEC\":\"*/10 * * * * *\",\"name\":\"core\",\"group\":[\"g1\"]}";

    private static final int MAX_PTTL_SECONDS = (int) Job.LONGEST_TTL.toSeconds();

    private static final int MAX_ALLOWED_LOSS = 1_000_000;

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final BigDecimal LEAST_TIMEOUT_SECONDS = new BigDecimal("0.001");
    private static final BigDecimal MOST_TIMEOUT_SECONDS = new BigDecimal(60);
    /** So that last-ms outlives the gap and any timeout after it. */
    private static final Duration LONGEST_GAP = Job.LONGEST_TTL.minusSeconds(60);

    /** How gson words its messages. */
    private static final Pattern GSON_MESSAGE = Pattern.compile("(?s)(.*) at line (\\d+) column (\\d+) path .*");

    private final String name;
    private final String key;
    private final CronSpecs specs;
    private final List<Problem> problems = new ArrayList<>();

    /** Name as written by lower-case name, to find repetitions. */
    private final Map<String, String> seen = new HashMap<>();

    private int furtherProblems;
    private boolean usable = true;
    private @Nullable CronSpec spec;
    private @Nullable List<String> groups;
    private @Nullable Integer pttlSeconds;
    private @Nullable Integer allowedLoss;
    private @Nullable Long timeoutNanos;

    private JobParser(String name, String key, CronSpecs specs) {
        this.name = name;
        this.key = key;
        this.specs = specs;
    }

    /**
     * @param json the definition
     * @param name the job's name as in the job list; it wins over the one in the definition
     * @param key the Redis key that holds the definition, for messages
     * @param specs reads the spec
     */
    public static ParsedJob parse(String json, String name, String key, CronSpecs specs) {
        return new JobParser(name, key, specs).parse(json);
    }

    /** Same, with the spec in the time zone of this machine unless it names one. */
    public static ParsedJob parse(String json, String name, String key) {
        return parse(json, name, key, new CronSpecs(ZoneId.systemDefault()));
    }

    private ParsedJob parse(String json) {
        if (json.isBlank()) {
            error(key, "the definition is empty", "write for example " + EXAMPLE);
        } else if (json.length() > MAX_CHARACTERS) {
            error(key, "the definition has " + json.length() + " characters", "keep it below " + MAX_CHARACTERS);
        } else {
            readDocument(json);
        }
        if (furtherProblems > 0) {
            problems.add(new Problem(key, furtherProblems + " more problems", "correct the ones before first"));
        }
        CronSpec parsedSpec = spec;
        List<String> parsedGroups = groups;
        if (!usable || parsedSpec == null || parsedGroups == null) {
            return new ParsedJob(null, null, problems);
        }
        if (parsedSpec.longestGap().compareTo(LONGEST_GAP) >= 0) {
            error(
                    key + ": SPEC",
                    "up to " + parsedSpec.longestGap().toDays() + " days between two probes, but last-ms lives "
                            + Job.LONGEST_TTL.toDays()
                            + " days at most, so healthy addresses would come on the err list",
                    "write a spec that fires at least every " + LONGEST_GAP.toDays() + " days");
            return new ParsedJob(null, null, problems);
        }
        if (pttlSeconds != null && pttlSeconds <= parsedSpec.longestGap().toSeconds()) {
            warn(
                    key + ": pttl",
                    pttlSeconds + " s end before the next probe, up to "
                            + parsedSpec.longestGap().toSeconds()
                            + " s later: healthy addresses come on the err list",
                    "leave pttl out, or write more than the gap and the timeout together");
        }
        Job job = new Job(name, key, parsedSpec.toString(), parsedGroups, pttlSeconds, allowedLoss, timeoutNanos);
        return new ParsedJob(job, parsedSpec, problems);
    }

    private void readDocument(String json) {
        try (JsonReader reader = new JsonReader(new StringReader(json))) {
            reader.setStrictness(Strictness.STRICT);
            if (reader.peek() != JsonToken.BEGIN_OBJECT) {
                error(key, "the definition is no JSON object but " + describe(reader), "write for example " + EXAMPLE);
                return;
            }
            reader.beginObject();
            while (reader.hasNext()) {
                readField(reader);
            }
            reader.endObject();
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                error(key, "there is more after the closing brace", "remove it");
            }
            require("spec", "SPEC", "\"SPEC\":\"*/10 * * * * *\"");
            require("group", "group", "\"group\":[\"g1\"]");
        } catch (MalformedJsonException | EOFException e) {
            malformed(String.valueOf(e.getMessage()), json);
        } catch (IOException e) {
            error(key, "the definition cannot be read (" + e.getMessage() + ")", "write for example " + EXAMPLE);
        }
    }

    private void readField(JsonReader reader) throws IOException {
        String written = reader.nextName();
        String field = written.toLowerCase(Locale.ROOT);
        String where = key + ": " + shorten(written);
        String earlier = seen.putIfAbsent(field, written);
        if (earlier != null) {
            error(where, "the field is there twice", "remove one");
            reader.skipValue();
            return;
        }
        switch (field) {
            case "spec" -> readSpec(reader, where);
            case "name" -> readName(reader, where);
            case "group" -> readGroups(reader, where);
            case "pttl" -> pttlSeconds = readInteger(reader, where, 1, MAX_PTTL_SECONDS, "seconds");
            case "allowedloss" -> allowedLoss = readInteger(reader, where, 0, MAX_ALLOWED_LOSS, "packets");
            case "timeout" -> readTimeout(reader, where);
            default -> {
                warn(where, "unknown field, ignored", "known are SPEC, name, group, pttl, allowedloss and timeout");
                reader.skipValue();
            }
        }
    }

    private void readSpec(JsonReader reader, String where) throws IOException {
        String text = readText(reader, where, "\"*/10 * * * * *\"");
        if (text == null) {
            return;
        }
        try {
            spec = specs.read(text);
        } catch (InvalidSpecException e) {
            error(where, "'" + shorten(text) + "' " + e.what(), "write five-field cron, six-field cron or @every 10s");
        }
    }

    private void readName(JsonReader reader, String where) throws IOException {
        String text = readText(reader, where, "\"" + name + "\"");
        if (text != null && !text.equals(name)) {
            warn(
                    where,
                    "it is '" + shorten(text) + "', but the key belongs to the job '" + shorten(name)
                            + "', which is the name used",
                    "write \"name\":\"" + shorten(name) + "\"");
        }
    }

    private void readGroups(JsonReader reader, String where) throws IOException {
        Set<String> names = new LinkedHashSet<>();
        if (reader.peek() != JsonToken.BEGIN_ARRAY) {
            addGroup(reader, where, names);
        } else {
            reader.beginArray();
            boolean any = false;
            while (reader.hasNext()) {
                addGroup(reader, where, names);
                any = true;
            }
            reader.endArray();
            if (!any) {
                error(where, "it names no group", "write for example \"group\":[\"g1\"]");
            }
        }
        groups = List.copyOf(names);
    }

    private void addGroup(JsonReader reader, String where, Set<String> names) throws IOException {
        String group = readText(reader, where, "[\"g1\"]");
        if (group == null) {
            return;
        }
        if (group.isBlank()) {
            error(where, "the name of a group is empty", "write for example \"group\":[\"g1\"]");
        } else if (!names.add(group)) {
            warn(where, "it names the group '" + shorten(group) + "' twice", "remove one");
        }
    }

    private void readTimeout(JsonReader reader, String where) throws IOException {
        BigDecimal seconds = readNumber(reader, where, "0.001 to 60 seconds");
        if (seconds == null) {
            return;
        }
        if (seconds.compareTo(LEAST_TIMEOUT_SECONDS) < 0 || seconds.compareTo(MOST_TIMEOUT_SECONDS) > 0) {
            error(where, shorten(seconds.toString()) + " is not allowed", "write 0.001 to 60 seconds");
        } else {
            // Whole milliseconds, so that the engine never has more than 60,000 different ones.
            timeoutNanos =
                    seconds.movePointRight(3).setScale(0, RoundingMode.CEILING).longValueExact() * NANOS_PER_MILLI;
        }
    }

    private @Nullable Integer readInteger(JsonReader reader, String where, int least, int most, String unit)
            throws IOException {
        String range = least + " to " + most + " " + unit;
        BigDecimal number = readNumber(reader, where, range);
        if (number == null) {
            return null;
        }
        if (number.compareTo(BigDecimal.valueOf(least)) < 0
                || number.compareTo(BigDecimal.valueOf(most)) > 0
                || number.stripTrailingZeros().scale() > 0) {
            error(where, shorten(number.toString()) + " is not allowed", "write a whole number, " + range);
            return null;
        }
        return number.intValueExact();
    }

    private @Nullable BigDecimal readNumber(JsonReader reader, String where, String range) throws IOException {
        if (reader.peek() != JsonToken.NUMBER) {
            error(where, "it is " + describe(reader) + ", not a number", "write " + range + ", without quotes");
            reader.skipValue();
            return null;
        }
        String text = reader.nextString();
        try {
            if (text.length() <= MAX_NUMBER_CHARACTERS) {
                return new BigDecimal(text);
            }
        } catch (NumberFormatException e) {
            // An exponent beyond an int: as far outside the range as one beyond the length.
        }
        error(where, shorten(text) + " is not allowed", "write " + range);
        return null;
    }

    private @Nullable String readText(JsonReader reader, String where, String example) throws IOException {
        if (reader.peek() == JsonToken.STRING) {
            return reader.nextString();
        }
        error(where, "it is " + describe(reader) + ", not a text", "write for example " + example);
        reader.skipValue();
        return null;
    }

    private static String describe(JsonReader reader) throws IOException {
        return switch (reader.peek()) {
            case STRING -> "a text";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            case NULL -> "null";
            case BEGIN_ARRAY -> "a list";
            case BEGIN_OBJECT -> "an object";
            default -> "nothing";
        };
    }

    private void require(String field, String written, String example) {
        if (!seen.containsKey(field)) {
            error(key, "the field " + written + " is missing", "add " + example);
        }
    }

    private void malformed(String message, String json) {
        Matcher matcher = GSON_MESSAGE.matcher(message);
        String reason = message;
        String place = "";
        if (matcher.matches()) {
            reason = matcher.group(1);
            place = " in line " + matcher.group(2) + " near column " + matcher.group(3);
        }
        if (reason.startsWith("Use JsonReader")) {
            reason = "unexpected character";
        } else if (reason.startsWith("End of input")) {
            reason = "it ends too early";
        }
        boolean unquoted = Pattern.compile("[{,]\\s*[A-Za-z']").matcher(json).find();
        error(
                key,
                "the definition is not valid JSON" + place + ": " + reason,
                (unquoted ? "put field names and texts in double quotes, as in " : "write for example ") + EXAMPLE);
    }

    private void error(String where, String what, String remedy) {
        usable = false;
        warn(where, what, remedy);
    }

    private void warn(String where, String what, String remedy) {
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(new Problem(where, what, remedy));
        } else {
            furtherProblems++;
        }
    }

    private static String shorten(String text) {
        return OneLine.of(text, MAX_NAME_SHOWN);
    }
}
