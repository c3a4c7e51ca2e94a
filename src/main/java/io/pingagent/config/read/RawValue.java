package io.pingagent.config.read;

import io.pingagent.base.InvalidValueException;
import io.pingagent.config.type.ValueType;
import java.util.List;

/**
 * A value as somebody wrote it.
 *
 * @param where file, line and key, or environment variable: where to look
 * @param texts one, or the elements of a YAML sequence
 * @param sequence whether it was a YAML sequence
 */
public record RawValue(String where, Origin origin, List<String> texts, boolean sequence) {

    static RawValue scalar(String where, Origin origin, String text) {
        return new RawValue(where, origin, List.of(text), false);
    }

    /** @throws InvalidValueException if it is no value of the type */
    public <T> T parse(ValueType<T> type) throws InvalidValueException {
        return sequence ? type.parseList(texts) : type.parse(texts.get(0));
    }
}
