package io.pingagent.trace;

import io.pingagent.model.IpAddress;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A {@link PathRecord} for people, one hop a line. */
public final class PathText {

    /** Short enough for a message of Zabbix, and for the eye. */
    static final int MOST_CHARACTERS = 2_000;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss XXX", Locale.ROOT);
    private static final String MORE = "…";

    private PathText() {}

    /** The paths with the first difference marked, cut to {@value #MOST_CHARACTERS} characters. */
    public static String of(PathRecord paths, ZoneId zone) {
        String text = String.join("\n", lines(paths, zone));
        return text.length() <= MOST_CHARACTERS
                ? text
                : text.substring(0, text.lastIndexOf('\n', MOST_CHARACTERS - MORE.length() - 1) + 1) + MORE;
    }

    /** The same, line by line and whole. */
    public static List<String> lines(PathRecord paths, ZoneId zone) {
        List<String> lines = new ArrayList<>();
        int difference = paths.firstDifference();
        TracedPath down = paths.down();
        if (down != null) {
            lines.add("when " + paths.address() + " went down, " + time(down, zone) + ":");
            add(lines, down, difference, 0);
            lines.add(end(down));
        }
        TracedPath good = paths.good();
        if (good == null) {
            lines.add("no good path is known");
        } else if (down != null && difference == 0 && good.lastHop() == down.lastHop()) {
            lines.add("last good path, " + time(good, zone) + ": the same");
        } else {
            lines.add("last good path, " + time(good, zone) + ":");
            add(lines, good, difference, down == null ? 0 : difference - 1);
        }
        return lines;
    }

    /** @param same hops that the path has in common with the one above, which are not repeated */
    private static void add(List<String> lines, TracedPath path, int difference, int same) {
        int first = path.firstHop();
        if (same > first) {
            lines.add("   hops " + first + " to " + same + " as above");
            first = same + 1;
        }
        RoutingLoop loop = RoutingLoop.of(path);
        int last = loop == null ? path.lastHop() : loop.lastHop();
        for (int ttl = first; ttl <= last; ttl++) {
            lines.add((ttl == difference ? ">" : " ") + hop(ttl, path.hop(ttl)));
        }
        if (loop != null) {
            lines.add((difference > last ? ">" : " ") + "  hops " + (last + 1) + " to " + path.lastHop() + " repeat "
                    + loop + ": a routing loop");
        }
    }

    private static String hop(int ttl, Hop hop) {
        IpAddress address = hop.address();
        String answer = address == null
                ? "*"
                : address + "  " + PathJson.millis(hop.rttNanos()).toPlainString() + " ms";
        return (ttl < 10 ? " " : "") + ttl + "  " + answer + (hop.note().isEmpty() ? "" : "  " + hop.note());
    }

    private static String end(TracedPath path) {
        if (path.reached()) {
            return "it answered again at once";
        }
        if (path.lastHop() == 0) {
            return "no hop answers";
        }
        return RoutingLoop.of(path) == null
                ? "no answer behind hop " + path.lastHop()
                : "not reached within " + path.lastHop() + " hops";
    }

    private static String time(TracedPath path, ZoneId zone) {
        return TIME.format(Instant.ofEpochMilli(path.wallMillis()).atZone(zone));
    }
}
