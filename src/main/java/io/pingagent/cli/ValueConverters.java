package io.pingagent.cli;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the numbers of options. Says in words what is none, where picocli would name types of Java. */
final class ValueConverters {

    private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,40}");
    private static final Pattern DECIMAL = Pattern.compile("[+-]?(?:[0-9]{1,40}(?:\\.[0-9]{0,20})?|\\.[0-9]{1,20})");

    private ValueConverters() {}

    /** For a command line and the commands that it has by now. */
    static void register(CommandLine commandLine) {
        ITypeConverter<Integer> whole = ValueConverters::whole;
        ITypeConverter<Double> decimal = text -> decimal(text).doubleValue();
        commandLine.registerConverter(Integer.class, whole);
        commandLine.registerConverter(int.class, whole);
        commandLine.registerConverter(Double.class, decimal);
        commandLine.registerConverter(double.class, decimal);
        commandLine.registerConverter(BigDecimal.class, ValueConverters::decimal);
    }

    private static int whole(String text) {
        if (!WHOLE.matcher(text).matches()) {
            throw new TypeConversionException("'" + text + "' is not a whole number");
        }
        BigInteger value = new BigInteger(text);
        if (value.bitLength() >= Integer.SIZE) {
            throw new TypeConversionException(
                    "'" + text + "' is " + (value.signum() < 0 ? "below -2147483648" : "above 2147483647"));
        }
        return value.intValue();
    }

    private static BigDecimal decimal(String text) {
        if (!DECIMAL.matcher(text).matches()) {
            throw new TypeConversionException("'" + text + "' is not a number such as 250 or 0.5");
        }
        return new BigDecimal(text);
    }
}
