package io.pingagent.cli.shell;

import io.pingagent.base.OneLine;
import java.util.regex.Pattern;

/** Control sequences of terminals (ECMA-48). */
public final class Ansi {

    /** What a text means; the colour follows from that. */
    public enum Style {
        PLAIN(""),
        HEADING("\033[1m"),
        GOOD("\033[32m"),
        WARNING("\033[33m"),
        BAD("\033[31m");

        private final String start;

        Style(String start) {
            this.start = start;
        }
    }

    /** Without cursor and without wrapping of lines: one that is too long for a narrow terminal is cut there. */
    static final String ALTERNATE_SCREEN = "\033[?1049h\033[?25l\033[?7l";

    static final String NORMAL_SCREEN = "\033[?7h\033[?25h\033[?1049l";
    static final String HOME = "\033[H";
    static final String CLEAR_TO_END_OF_LINE = "\033[K";
    static final String CLEAR_BELOW = "\033[J";

    private static final String RESET = "\033[0m";
    private static final Pattern PAINT = Pattern.compile("\033\\[[0-9]*m");

    private Ansi() {}

    public static String paint(String text, Style style, boolean colours) {
        return !colours || style == Style.PLAIN || text.isEmpty() ? text : style.start + text + RESET;
    }

    /** Columns that a painted text takes. */
    public static int columns(String painted) {
        return TableLayout.length(PAINT.matcher(painted).replaceAll(""));
    }

    /**
     * Replaces control characters, so that a name read from Redis cannot move the cursor or paint the screen of whoever
     * lists it.
     */
    public static String harmless(String text) {
        return OneLine.harmless(text, '\ufffd');
    }
}
