package io.pingagent.faults;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.regex.Pattern;

/** Where a row looks for what the agent says of the fault. */
interface Notice {

    /** Longer ones are cut in the table. */
    int LONGEST = 240;

    /**
     * Looks for it.
     *
     * @param log what the agent logged since the fault began
     * @param statsBefore {@code agent-stats} before the fault
     * @param stats and after it
     * @return what was said, for the table; empty if nothing was
     */
    String find(String log, JsonObject statsBefore, JsonObject stats);

    /** What is wanted, for a row that fails. */
    default String wanted() {
        return "";
    }

    /** For a fault that concerns nobody. */
    static Notice nothing() {
        return (log, statsBefore, stats) -> "nothing, and nothing is wrong";
    }

    /** A line of the log; a level and a logger stand before the message. */
    static Notice line(String regex) {
        Pattern pattern = Pattern.compile(regex);
        return wanting(
                "a log line with " + regex,
                (log, statsBefore, stats) -> log.lines()
                        .filter(line -> pattern.matcher(line).find())
                        .findFirst()
                        .map(line -> "log: " + message(line, pattern))
                        .orElse(""));
    }

    /** A counter of {@code agent-stats} that went up: {@code late}, {@code refused.checksum}. */
    static Notice counter(String path) {
        return wanting("agent-stats: " + path + " went up", (log, statsBefore, stats) -> {
            long more = number(stats, path) - number(statsBefore, path);
            return more > 0 ? "`agent-stats`: `" + path + "` +" + more : "";
        });
    }

    /** The first of two that says something. */
    default Notice or(Notice other) {
        return wanting(wanted() + ", or " + other.wanted(), (log, statsBefore, stats) -> {
            String said = find(log, statsBefore, stats);
            return said.isEmpty() ? other.find(log, statsBefore, stats) : said;
        });
    }

    private static Notice wanting(String wanted, Notice notice) {
        return new Notice() {
            @Override
            public String find(String log, JsonObject statsBefore, JsonObject stats) {
                return notice.find(log, statsBefore, stats);
            }

            @Override
            public String wanted() {
                return wanted;
            }
        };
    }

    private static String message(String line, Pattern pattern) {
        int from = line.indexOf(" - ");
        String text = from < 0 || !pattern.matcher(line.substring(from)).find() ? line : line.substring(from + 3);
        text = text.replaceFirst("^(\\S+ +)?(TRACE|DEBUG|INFO|WARN|ERROR) +", "");
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + " …";
    }

    private static long number(JsonObject stats, String path) {
        JsonElement at = stats;
        for (String word : path.split("\\.", -1)) {
            if (at == null || !at.isJsonObject()) {
                return 0;
            }
            at = at.getAsJsonObject().get(word);
        }
        return at == null ? 0 : at.getAsLong();
    }
}
