package io.pingagent.config.type;

import io.pingagent.base.InvalidValueException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Types of numbers, with and without units. */
public final class NumberTypes {

    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(\\d{1,18}(?:\\.\\d{1,9})?) ?([A-Za-z%]*)");

    /** Names of units of time, longest first, with their nanoseconds. */
    private enum TimeUnitName {
        D("d", 86_400_000_000_000L),
        H("h", 3_600_000_000_000L),
        M("m", 60_000_000_000L),
        S("s", 1_000_000_000L),
        MS("ms", 1_000_000L);

        private final String text;
        private final long nanos;

        TimeUnitName(String text, long nanos) {
            this.text = text;
            this.nanos = nanos;
        }
    }

    private enum SizeUnit {
        GIB("GiB", "G", 1L << 30),
        MIB("MiB", "M", 1L << 20),
        KIB("KiB", "K", 1L << 10),
        B("B", "", 1);

        private final String text;
        private final String shortText;
        private final long bytes;

        SizeUnit(String text, String shortText, long bytes) {
            this.text = text;
            this.shortText = shortText;
            this.bytes = bytes;
        }
    }

    private NumberTypes() {}

    /** {@code 500ms}, {@code 1.5s}, {@code 10m}, {@code 1h}, {@code 7d}; both bounds are allowed. */
    public static ValueType<Duration> duration(Duration least, Duration most) {
        String range = format(least) + " to " + format(most);
        return new ScalarType<>(
                "duration",
                range,
                text -> {
                    Duration value = parseDuration(text, range);
                    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                        throw InvalidValueException.notAllowed(text, range);
                    }
                    return value;
                },
                NumberTypes::format);
    }

    private static Duration parseDuration(String text, String range) throws InvalidValueException {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text);
        if (!matcher.matches()) {
            throw new InvalidValueException("'" + text + "' is not a duration", "write " + range);
        }
        String number = matcher.group(1);
        String unitText = matcher.group(2);
        if (unitText.isEmpty()) {
            throw new InvalidValueException(
                    "'" + text + "' has no unit", "write for example " + number + "s; allowed is " + range);
        }
        for (TimeUnitName unit : TimeUnitName.values()) {
            if (unit.text.equals(unitText)) {
                BigInteger nanos = new BigDecimal(number)
                        .multiply(BigDecimal.valueOf(unit.nanos))
                        .toBigInteger();
                if (nanos.bitLength() > 63) {
                    throw InvalidValueException.notAllowed(text, range);
                }
                return Duration.ofNanos(nanos.longValueExact());
            }
        }
        throw new InvalidValueException(
                "'" + text + "' has the unknown unit '" + unitText + "'", "use ms, s, m, h or d, as in " + range);
    }

    /** The shortest form with a whole number, but 60s: minutes begin at two. */
    static String format(Duration duration) {
        long nanos = duration.toNanos();
        for (TimeUnitName unit : TimeUnitName.values()) {
            boolean oneMinute = unit == TimeUnitName.M && nanos == unit.nanos;
            if (nanos != 0 && nanos % unit.nanos == 0 && !oneMinute) {
                return nanos / unit.nanos + unit.text;
            }
        }
        return new BigDecimal(nanos).movePointLeft(6).stripTrailingZeros().toPlainString() + "ms";
    }

    /** {@code 64MiB}, {@code 64M} or bytes; decimal units are refused, for 64MB means two things. */
    public static ValueType<Long> size(long least, long most) {
        String range = formatSize(least) + " to " + formatSize(most);
        return new ScalarType<>(
                "size",
                range,
                text -> {
                    Matcher matcher = NUMBER_AND_UNIT.matcher(text);
                    if (!matcher.matches()) {
                        throw new InvalidValueException("'" + text + "' is not a size", "write " + range);
                    }
                    SizeUnit unit = sizeUnit(matcher.group(2));
                    if (unit == null) {
                        throw new InvalidValueException(
                                "'" + text + "' has the unknown unit '" + matcher.group(2) + "'",
                                "use KiB, MiB or GiB (or none for bytes), as in " + range);
                    }
                    BigInteger bytes = new BigDecimal(matcher.group(1))
                            .multiply(BigDecimal.valueOf(unit.bytes))
                            .toBigInteger();
                    if (bytes.compareTo(BigInteger.valueOf(least)) < 0
                            || bytes.compareTo(BigInteger.valueOf(most)) > 0) {
                        throw InvalidValueException.notAllowed(text, range);
                    }
                    return bytes.longValueExact();
                },
                NumberTypes::formatSize);
    }

    private static @Nullable SizeUnit sizeUnit(String text) {
        for (SizeUnit unit : SizeUnit.values()) {
            if (unit.text.equals(text) || unit.shortText.equals(text)) {
                return unit;
            }
        }
        return null;
    }

    private static String formatSize(long bytes) {
        for (SizeUnit unit : SizeUnit.values()) {
            if (bytes % unit.bytes == 0) {
                return bytes / unit.bytes + unit.text;
            }
        }
        throw new AssertionError("bytes divide everything");
    }

    /** {@code 2%}; the lower bound is excluded, the upper one is 100. */
    public static ValueType<Double> percentAboveZero() {
        return percent("above 0% to 100%", false);
    }

    /** {@code 80%}, from 0 to 100. */
    public static ValueType<Double> percent() {
        return percent("0% to 100%", true);
    }

    private static ValueType<Double> percent(String range, boolean isZeroAllowed) {
        return new ScalarType<>(
                "percent",
                range,
                text -> {
                    Matcher matcher = NUMBER_AND_UNIT.matcher(text);
                    if (!matcher.matches()) {
                        throw new InvalidValueException("'" + text + "' is not a percentage", "write " + range);
                    }
                    if (!matcher.group(2).equals("%")) {
                        throw new InvalidValueException(
                                "'" + text + "' has no percent sign",
                                "write for example " + matcher.group(1) + "%; allowed is " + range);
                    }
                    double percent = Double.parseDouble(matcher.group(1));
                    if (percent <= 0 && !isZeroAllowed || percent > 100) {
                        throw InvalidValueException.notAllowed(text, range);
                    }
                    return percent;
                },
                percent -> BigDecimal.valueOf(percent).stripTrailingZeros().toPlainString() + "%");
    }

    /** A whole number; both bounds are allowed. */
    public static ValueType<Integer> integer(int least, int most) {
        return integer("number", least, most);
    }

    /** Packets per second. */
    public static ValueType<Integer> rate(int least, int most) {
        return integer("rate per second", least, most);
    }

    private static ValueType<Integer> integer(String name, int least, int most) {
        String range = least + " to " + most;
        return new ScalarType<>(
                name, range, text -> (int) parseLong(text, least, most, range), value -> Integer.toString(value));
    }

    /** 32 bits, decimal or hexadecimal; the value is unsigned. */
    public static ValueType<Integer> unsignedInteger() {
        String range = "0 to 4294967295, or 0x0 to 0xffffffff";
        return new ScalarType<>(
                "number",
                range,
                text -> {
                    boolean hex = text.matches("0[xX][0-9a-fA-F]{1,8}");
                    return (int)
                            (hex ? Long.parseLong(text.substring(2), 16) : parseLong(text, 0, 0xffff_ffffL, range));
                },
                Integer::toUnsignedString);
    }

    private static long parseLong(String text, long least, long most, String range) throws InvalidValueException {
        if (!text.matches("-?\\d{1,18}")) {
            throw new InvalidValueException("'" + text + "' is not a whole number", "write " + range);
        }
        long value = Long.parseLong(text);
        if (value < least || value > most) {
            throw InvalidValueException.notAllowed(text, range);
        }
        return value;
    }

    public static ValueType<Boolean> bool() {
        String range = "true or false";
        return new ScalarType<>(
                "boolean",
                range,
                text -> {
                    if (List.of("true", "yes", "on").contains(text)) {
                        return true;
                    }
                    if (List.of("false", "no", "off").contains(text)) {
                        return false;
                    }
                    throw InvalidValueException.notAllowed(text, range);
                },
                value -> Boolean.toString(value));
    }
}
