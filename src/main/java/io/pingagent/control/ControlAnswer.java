package io.pingagent.control;

import java.nio.charset.StandardCharsets;

/**
 * What a running agent answered.
 *
 * @param isError whether the text says why there is no value
 * @param text UTF-8, not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ControlAnswer(boolean isError, byte[] text) {

    /** The text. */
    @Override
    public String toString() {
        return new String(text, StandardCharsets.UTF_8);
    }
}
