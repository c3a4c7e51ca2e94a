package io.pingagent.config.type;

import io.pingagent.base.InvalidValueException;
import java.util.function.Function;

/** A type made of its parts. */
record ScalarType<T>(String name, String range, Parser<T> parser, Function<T, String> formatter)
        implements ValueType<T> {

    @FunctionalInterface
    interface Parser<T> {
        T parse(String text) throws InvalidValueException;
    }

    @Override
    public T parse(String text) throws InvalidValueException {
        return parser.parse(text);
    }

    @Override
    public String format(T value) {
        return formatter.apply(value);
    }
}
