package io.pingagent.jobs;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.pingagent.base.OneLine;
import io.pingagent.model.Problem;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the values of a definition's fields and keeps what is wrong with them. One instance for one definition. */
final class FieldReader {

    /** Longer ones are nonsense, and slow to convert. */
    private static final int MAX_NUMBER_CHARACTERS = 30;

    private static final int MAX_SHOWN = 60;

    /** More are counted: a definition of a megabyte may have a hundred thousand. */
    private static final int MAX_PROBLEMS = 20;

    private final List<Problem> problems = new ArrayList<>();
    private int furtherProblems;
    private boolean usable = true;

    /** Whether there was no error, but warnings perhaps. */
    boolean isUsable() {
        return usable;
    }

    /** @param key where the problems are that are only counted */
    List<Problem> problems(String key) {
        List<Problem> all = new ArrayList<>(problems);
        if (furtherProblems > 0) {
            all.add(new Problem(key, furtherProblems + " more problems", "correct the ones before first"));
        }
        return all;
    }

    @Nullable
    Integer readInteger(JsonReader reader, String where, int least, int most, String unit) throws IOException {
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

    @Nullable
    BigDecimal readNumber(JsonReader reader, String where, String range) throws IOException {
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

    @Nullable
    String readText(JsonReader reader, String where, String example) throws IOException {
        if (reader.peek() == JsonToken.STRING) {
            return reader.nextString();
        }
        error(where, "it is " + describe(reader) + ", not a text", "write for example " + example);
        reader.skipValue();
        return null;
    }

    static String describe(JsonReader reader) throws IOException {
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

    void error(String where, String what, String remedy) {
        usable = false;
        warn(where, what, remedy);
    }

    void warn(String where, String what, String remedy) {
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(new Problem(where, what, remedy));
        } else {
            furtherProblems++;
        }
    }

    static String shorten(String text) {
        return OneLine.of(text, MAX_SHOWN);
    }
}
