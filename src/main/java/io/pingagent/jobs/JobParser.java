package io.pingagent.jobs;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.pingagent.model.Burst;
import io.pingagent.model.Job;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.ZoneId;
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

    private static final String EXAMPLE = "{\"SPEC\":\"*/10 * * * * *\",\"name\":\"core\",\"group\":[\"g1\"]}";

    private static final String KNOWN = "SPEC, name, group, pttl, allowedloss, timeout, count, gap, dscp, size, ttl,"
            + " source, interface and dontfragment";

    private static final int MAX_PTTL_SECONDS = (int) Job.LONGEST_TTL.toSeconds();

    private static final int MAX_ALLOWED_LOSS = 1_000_000;

    private static final long NANOS_PER_MILLI = 1_000_000;
    /** The default of {@code probe.timeout}. */
    private static final long USUAL_TIMEOUT_NANOS = 1_000_000_000;

    private static final BigDecimal LEAST_TIMEOUT_SECONDS = new BigDecimal("0.001");
    private static final BigDecimal MOST_TIMEOUT_SECONDS = new BigDecimal(60);
    /** So that last-ms outlives the gap and any timeout after it. */
    private static final Duration LONGEST_GAP = Job.LONGEST_TTL.minusSeconds(60);

    /** How gson words its messages. */
    private static final Pattern GSON_MESSAGE = Pattern.compile("(?s)(.*) at line (\\d+) column (\\d+) path .*");

    private final String name;
    private final String key;
    private final CronSpecs specs;
    private final long defaultTimeoutNanos;
    private final FieldReader fields = new FieldReader();
    private final BurstFields burst = new BurstFields(fields);
    private final ProfileFields profile = new ProfileFields(fields);

    /** Name as written by lower-case name, to find repetitions. */
    private final Map<String, String> seen = new HashMap<>();

    private @Nullable CronSpec spec;
    private @Nullable List<String> groups;
    private @Nullable Integer pttlSeconds;
    private @Nullable Integer allowedLoss;
    private @Nullable Long timeoutNanos;

    private JobParser(String name, String key, CronSpecs specs, long defaultTimeoutNanos) {
        this.name = name;
        this.key = key;
        this.specs = specs;
        this.defaultTimeoutNanos = defaultTimeoutNanos;
    }

    /**
     * @param json the definition
     * @param name the job's name as in the job list; it wins over the one in the definition
     * @param key the Redis key that holds the definition, for messages
     * @param specs reads the spec
     * @param defaultTimeoutNanos how long probes wait for a reply if the definition does not say
     */
    public static ParsedJob parse(String json, String name, String key, CronSpecs specs, long defaultTimeoutNanos) {
        return new JobParser(name, key, specs, defaultTimeoutNanos).parse(json);
    }

    /**
     * Same, where no agent's configuration is known: with its defaults, and the spec in the time zone of this machine
     * unless it names one.
     */
    public static ParsedJob parse(String json, String name, String key) {
        return parse(json, name, key, new CronSpecs(ZoneId.systemDefault()), USUAL_TIMEOUT_NANOS);
    }

    private ParsedJob parse(String json) {
        if (json.isBlank()) {
            fields.error(key, "the definition is empty", "write for example " + EXAMPLE);
        } else if (json.length() > MAX_CHARACTERS) {
            fields.error(key, "the definition has " + json.length() + " characters", "keep it below " + MAX_CHARACTERS);
        } else {
            readDocument(json);
        }
        CronSpec parsedSpec = spec;
        List<String> parsedGroups = groups;
        if (!fields.isUsable() || parsedSpec == null || parsedGroups == null) {
            return new ParsedJob(null, null, fields.problems(key));
        }
        if (parsedSpec.longestGap().compareTo(LONGEST_GAP) >= 0) {
            fields.error(
                    key + ": SPEC",
                    "up to " + parsedSpec.longestGap().toDays() + " days between two probes, but last-ms lives "
                            + Job.LONGEST_TTL.toDays()
                            + " days at most, so healthy addresses would come on the err list",
                    "write a spec that fires at least every " + LONGEST_GAP.toDays() + " days");
            return new ParsedJob(null, null, fields.problems(key));
        }
        if (pttlSeconds != null && pttlSeconds <= parsedSpec.longestGap().toSeconds()) {
            fields.warn(
                    key + ": pttl",
                    pttlSeconds + " s end before the next probe, up to "
                            + parsedSpec.longestGap().toSeconds()
                            + " s later: healthy addresses come on the err list",
                    "leave pttl out, or write more than the gap and the timeout together");
        }
        long waitNanos = timeoutNanos == null ? defaultTimeoutNanos : timeoutNanos;
        Burst probes = burst.check(key, parsedSpec.shortestGap().toNanos(), waitNanos);
        if (probes == null) {
            return new ParsedJob(null, null, fields.problems(key));
        }
        Job.Judging judging = new Job.Judging(pttlSeconds, allowedLoss, timeoutNanos);
        Job job = new Job(name, key, parsedSpec.toString(), parsedGroups, judging, probes, profile.profile());
        return new ParsedJob(job, parsedSpec, fields.problems(key));
    }

    private void readDocument(String json) {
        try (JsonReader reader = new JsonReader(new StringReader(json))) {
            reader.setStrictness(Strictness.STRICT);
            if (reader.peek() != JsonToken.BEGIN_OBJECT) {
                fields.error(
                        key,
                        "the definition is no JSON object but " + FieldReader.describe(reader),
                        "write for example " + EXAMPLE);
                return;
            }
            reader.beginObject();
            while (reader.hasNext()) {
                readField(reader);
            }
            reader.endObject();
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                fields.error(key, "there is more after the closing brace", "remove it");
            }
            require("spec", "SPEC", "\"SPEC\":\"*/10 * * * * *\"");
            require("group", "group", "\"group\":[\"g1\"]");
        } catch (MalformedJsonException | EOFException e) {
            malformed(String.valueOf(e.getMessage()), json);
        } catch (IOException e) {
            fields.error(key, "the definition cannot be read (" + e.getMessage() + ")", "write for example " + EXAMPLE);
        }
    }

    private void readField(JsonReader reader) throws IOException {
        String written = reader.nextName();
        String field = written.toLowerCase(Locale.ROOT);
        String where = key + ": " + FieldReader.shorten(written);
        String earlier = seen.putIfAbsent(field, written);
        if (earlier != null) {
            fields.error(where, "the field is there twice", "remove one");
            reader.skipValue();
            return;
        }
        switch (field) {
            case "spec" -> readSpec(reader, where);
            case "name" -> readName(reader, where);
            case "group" -> readGroups(reader, where);
            case "pttl" -> pttlSeconds = fields.readInteger(reader, where, 1, MAX_PTTL_SECONDS, "seconds");
            case "allowedloss" -> allowedLoss = fields.readInteger(reader, where, 0, MAX_ALLOWED_LOSS, "packets");
            case "timeout" -> readTimeout(reader, where);
            case "count" -> burst.readCount(reader, where);
            case "gap" -> burst.readGap(reader, where);
            case "dscp" -> profile.readDscp(reader, where);
            case "size" -> profile.readSize(reader, where);
            case "ttl" -> profile.readTtl(reader, where);
            case "source" -> profile.readSource(reader, where);
            case "interface" -> profile.readInterface(reader, where);
            case "dontfragment" -> profile.readDontFragment(reader, where);
            default -> {
                fields.warn(where, "unknown field, ignored", "known are " + KNOWN);
                reader.skipValue();
            }
        }
    }

    private void readSpec(JsonReader reader, String where) throws IOException {
        String text = fields.readText(reader, where, "\"*/10 * * * * *\"");
        if (text == null) {
            return;
        }
        try {
            spec = specs.read(text);
        } catch (InvalidSpecException e) {
            fields.error(
                    where,
                    "'" + FieldReader.shorten(text) + "' " + e.what(),
                    "write five-field cron, six-field cron or @every 10s");
        }
    }

    private void readName(JsonReader reader, String where) throws IOException {
        String text = fields.readText(reader, where, "\"" + name + "\"");
        if (text != null && !text.equals(name)) {
            fields.warn(
                    where,
                    "it is '" + FieldReader.shorten(text) + "', but the key belongs to the job '"
                            + FieldReader.shorten(name) + "', which is the name used",
                    "write \"name\":\"" + FieldReader.shorten(name) + "\"");
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
                fields.error(where, "it names no group", "write for example \"group\":[\"g1\"]");
            }
        }
        groups = List.copyOf(names);
    }

    private void addGroup(JsonReader reader, String where, Set<String> names) throws IOException {
        String group = fields.readText(reader, where, "[\"g1\"]");
        if (group == null) {
            return;
        }
        if (group.isBlank()) {
            fields.error(where, "the name of a group is empty", "write for example \"group\":[\"g1\"]");
        } else if (!names.add(group)) {
            fields.warn(where, "it names the group '" + FieldReader.shorten(group) + "' twice", "remove one");
        }
    }

    private void readTimeout(JsonReader reader, String where) throws IOException {
        BigDecimal seconds = fields.readNumber(reader, where, "0.001 to 60 seconds");
        if (seconds == null) {
            return;
        }
        if (seconds.compareTo(LEAST_TIMEOUT_SECONDS) < 0 || seconds.compareTo(MOST_TIMEOUT_SECONDS) > 0) {
            fields.error(
                    where, FieldReader.shorten(seconds.toString()) + " is not allowed", "write 0.001 to 60 seconds");
        } else {
            // Whole milliseconds, so that the engine never has more than 60,000 different ones.
            timeoutNanos =
                    seconds.movePointRight(3).setScale(0, RoundingMode.CEILING).longValueExact() * NANOS_PER_MILLI;
        }
    }

    private void require(String field, String written, String example) {
        if (!seen.containsKey(field)) {
            fields.error(key, "the field " + written + " is missing", "add " + example);
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
        fields.error(
                key,
                "the definition is not valid JSON" + place + ": " + reason,
                (unquoted ? "put field names and texts in double quotes, as in " : "write for example ") + EXAMPLE);
    }
}
