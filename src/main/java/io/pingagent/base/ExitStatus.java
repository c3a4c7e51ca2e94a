package io.pingagent.base;

import java.util.ArrayList;
import java.util.List;

/**
 * Exit statuses of every command; scripts rely on them. From 64 on as in {@code sysexits.h}; {@code ping} adds fping's 1 and
 * 2. Numbers and short texts are compile-time constants, so that annotations can use them.
 */
public final class ExitStatus {

    public static final int DONE = 0;

    /** {@code ping} only: some addresses did not answer. */
    public static final int SOME_UNREACHABLE = 1;

    /** {@code ping} only: some names were not found. */
    public static final int NAME_NOT_FOUND = 2;

    /** What was typed is wrong: an option, a value, a name that does not exist. */
    public static final int USAGE = 64;

    /** A required service is unreachable: Redis, the disk behind standard output. */
    public static final int SERVICE_UNREACHABLE = 69;

    /** A defect of this program. */
    public static final int INTERNAL_ERROR = 70;

    /** The system or Redis does not give a right that is needed. */
    public static final int NOT_PERMITTED = 77;

    /** What a file or Redis holds is wrong. */
    public static final int BAD_CONFIGURATION = 78;

    /** For the help of a command: the first line, and {@link #HELP_REST} the second. */
    public static final String HELP = "  " + DONE + " done, " + USAGE + " wrong usage, " + SERVICE_UNREACHABLE
            + " a required service is unreachable,";

    public static final String HELP_REST =
            "  " + NOT_PERMITTED + " not permitted, " + BAD_CONFIGURATION + " bad configuration";

    /** The two lines for the help of {@code ping}. */
    public static final String PING_HELP = "  " + DONE + " all targets answered, " + SOME_UNREACHABLE
            + " some did not, " + NAME_NOT_FOUND + " some names were not found,";

    public static final String PING_HELP_REST = "  " + USAGE + " wrong usage, " + SERVICE_UNREACHABLE
            + " a required service is unreachable, " + NOT_PERMITTED + " not permitted (give CAP_NET_RAW)";

    /**
     * A row of the manual pages.
     *
     * @param statuses one number, or some with commas between
     * @param meaning a sentence
     */
    public record Row(String statuses, String meaning) {}

    private static final Row DONE_ROW = new Row("" + DONE, "Done.");
    private static final Row PING_ROW = new Row(
            SOME_UNREACHABLE + ", " + NAME_NOT_FOUND, "Some targets did not answer; some names were not found.");

    private static final Row[] COMMON_ROWS = {
        new Row("" + USAGE, "Wrong usage: an option, a value, a name that does not exist."),
        new Row("" + SERVICE_UNREACHABLE, "A required service is unreachable, for example Redis."),
        new Row("" + INTERNAL_ERROR, "A defect of ping-agent."),
        new Row("" + NOT_PERMITTED, "Not permitted."),
        new Row("" + BAD_CONFIGURATION, "Bad configuration, in the file or in Redis.")
    };

    private ExitStatus() {}

    /** For the manual pages, in the order of the numbers. */
    public static List<Row> rows() {
        return rows(DONE_ROW);
    }

    /** As {@link #rows}, with those of {@code ping} alone. */
    public static List<Row> pingRows() {
        return rows(DONE_ROW, PING_ROW);
    }

    private static List<Row> rows(Row... first) {
        List<Row> rows = new ArrayList<>(List.of(first));
        rows.addAll(List.of(COMMON_ROWS));
        return List.copyOf(rows);
    }
}
