package io.pingagent.zabbix.sender;

import io.pingagent.base.AnyThread;
import io.pingagent.model.Problem;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;

/**
 * The value of a discovery rule: the same text for the same list. Written in pieces, because a list of a million
 * addresses is some 80 MB. Used by one thread, {@link #problems} by any.
 */
public interface ListDocument {

    /** Writes the complete JSON of the list as it is now. */
    void writeTo(Writer out) throws IOException;

    /** What the last writing had to change so that Zabbix takes it. */
    @AnyThread
    default List<Problem> problems() {
        return List.of();
    }

    /** All of it as one text. */
    default String text() {
        StringWriter text = new StringWriter();
        try {
            writeTo(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
