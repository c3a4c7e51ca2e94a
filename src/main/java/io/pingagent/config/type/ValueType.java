package io.pingagent.config.type;

import io.pingagent.base.InvalidValueException;
import java.util.List;

/**
 * How the values of a key are read, described and written.
 *
 * @param <T> immutable
 */
public interface ValueType<T> {

    /** @throws InvalidValueException if the text is no value of this type */
    T parse(String text) throws InvalidValueException;

    /** One word for the reference: {@code duration}. */
    String name();

    /** What is allowed, in words that follow "write": {@code 1ms to 60s}. */
    String range();

    /** As YAML on one line. */
    String format(T value);

    /** Reads a YAML sequence. */
    default T parseList(List<String> texts) throws InvalidValueException {
        throw new InvalidValueException("a list of " + texts.size() + " is not allowed", "write one value: " + range());
    }
}
