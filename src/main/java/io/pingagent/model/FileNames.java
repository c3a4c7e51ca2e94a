package io.pingagent.model;

import io.pingagent.base.OneLine;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Makes paths of what users write. Stateless, any thread. */
public final class FileNames {

    /** What to do about a name that {@link #path} refuses. */
    public static final String REMEDY = "write it in UTF-8, and set LC_ALL=C.UTF-8 in the environment";

    private static final int MAX_SHOWN = 200;

    private FileNames() {}

    /** @throws IllegalArgumentException if no file can have this name here; the message says why, {@link #REMEDY} what to do */
    public static Path path(String text) {
        String shown = "'" + OneLine.of(text, MAX_SHOWN) + "' ";
        if (text.indexOf('\ufffd') >= 0) {
            throw new IllegalArgumentException(shown + "holds U+FFFD, which stands for characters that were lost");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    text.indexOf('\0') >= 0
                            ? shown + "holds a zero character"
                            : shown + "cannot be the name of a file in this locale, which is not UTF-8",
                    e);
        }
    }
}
