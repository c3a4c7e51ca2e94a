package io.pingagent.zabbix;

import io.pingagent.model.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Names as Zabbix can take them in a discovery list. If Zabbix cannot take a name, it makes no items, no triggers or no
 * host groups of the row. So such a name is changed and shows an ellipsis at the place. What it can take was tried on
 * 6.0.14 and 7.0.22:
 *
 * <ul>
 *   <li>The value of a tag has at most 255 characters: otherwise no item, and no host. A host group, {@code Ping
 *       addresses/AGENT/GROUP}, has at most 255, too.
 *   <li>A context of a macro must not end with a backslash: in 6.0 there is no trigger then.
 *   <li>A host group must not have an empty part between slashes.
 *   <li>A visible name of a host has at most 128 characters, of which an address needs 58. The name of an address may take
 *       its place.
 *   <li>NUL ends the text.
 * </ul>
 *
 * Quotes, braces, other control characters and blanks do no harm. Used by one thread; what it noted, by any.
 */
final class LldNames {

    /** In place of what Zabbix does not take. */
    static final char MARK = '…';

    /** Longest value of a tag, and longest name of a host group. */
    static final int MAX_CHARACTERS = 255;
    /** Of the agent's name within the visible name of a host. */
    static final int MAX_AGENT_OF_HOST = 70;

    /** Of an address's name: with the agent's name in parentheses it is the visible name of a host. */
    static final int MAX_NAME_OF_HOST = 55;
    /** Of an address's name: it stands in names of items and graphs, which have at most 255 with the words around it. */
    static final int MAX_NAME = 128;

    private static final int MAX_VISIBLE_NAME = 128;
    /** Length of {@code " ()"}. */
    private static final int IN_BRACKETS = 3;
    /** Shorter starts of names say nothing. */
    private static final int FEWEST_OF_NAME = 8;

    private static final String HOST_GROUPS = "Ping addresses/";

    private static final int MOST_SEEN = 10_000;
    private static final int MOST_PROBLEMS = 5;

    private final String agent;
    private final int maxGroup;
    private final int maxName;
    private final int maxWho;
    private final Map<String, Problem> changed = new LinkedHashMap<>();
    /** Names that were counted, up to {@link #MOST_SEEN} of them. */
    private final Set<String> seen = new HashSet<>();

    private int changedNames;

    // One group after the other has the same name in most lists.
    private String lastGroup = String.valueOf(MARK);
    private String lastGroupFit = lastGroup;
    private String lastJob = "";
    private String lastJobFit = "";

    /**
     * @param agent the agent's name
     * @param hosts whether addresses become hosts, with host groups
     */
    LldNames(String agent, boolean hosts) {
        String fit = hosts ? fitParts(agent, MAX_AGENT_OF_HOST) : fit(agent, MAX_CHARACTERS);
        this.maxGroup = hosts ? MAX_CHARACTERS - HOST_GROUPS.length() - fit.length() - 1 : MAX_CHARACTERS;
        this.maxName = hosts ? MAX_NAME_OF_HOST : MAX_NAME;
        this.maxWho = hosts ? MAX_VISIBLE_NAME - fit.length() - IN_BRACKETS : MAX_CHARACTERS;
        this.agent = noted("agent", agent, fit);
    }

    /** The value of {@code {#AGENT}}. */
    String agent() {
        return agent;
    }

    /** The value of {@code {#GROUP}}. */
    String group(String name) {
        if (!name.equals(lastGroup)) {
            lastGroup = name;
            lastGroupFit = noted("group", name, fitParts(name, maxGroup));
        }
        return lastGroupFit;
    }

    /** The value of {@code {#JOB}}. */
    String job(String name) {
        if (!name.equals(lastJob)) {
            lastJob = name;
            lastJobFit = noted("job", name, fit(name, MAX_CHARACTERS));
        }
        return lastJobFit;
    }

    /** The name of an address, as {@code {#NAME}}. What is too long is cut: it has its address beside it everywhere. */
    String name(String name) {
        return unescaped(fit(name, maxName));
    }

    /** The same with the address behind it, where several have the name. */
    String nameWith(String name, String ip) {
        return fit(name, Math.max(1, maxName - ip.length() - 1)) + ' ' + ip;
    }

    /** Values of labels: those of tags, and contexts of macros. */
    String labels(String text) {
        return unescaped(fit(text, MAX_CHARACTERS));
    }

    /** Without a backslash at the end. */
    private static String unescaped(String text) {
        return text.endsWith("\\") ? text.substring(0, text.length() - 1) + MARK : text;
    }

    /**
     * The value of {@code {#WHO}}, as people speak of an address: {@code core-1 (192.0.2.7)}, or the address alone if it
     * has no other name. For hosts it leaves room for the agent's name. A name that is too long ends with an ellipsis.
     */
    String who(String name, String ip) {
        if (name.isEmpty() || name.equals(ip)) {
            return ip;
        }
        int most = maxWho - ip.length() - IN_BRACKETS;
        return most < Math.min(name.length(), FEWEST_OF_NAME) ? ip : fit(name, most) + " (" + ip + ')';
    }

    /** A few of the names that were changed, and how many others there are. */
    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>(changed.values());
        int others = changedNames - problems.size();
        if (others > 0) {
            problems.add(new Problem(
                    "names in Zabbix",
                    others + " other groups and jobs have names that Zabbix cannot take; they are shown there with "
                            + MARK,
                    "rename them"));
        }
        return problems;
    }

    private String noted(String kind, String name, String fit) {
        if (!fit.equals(name)) {
            String key = kind + ' ' + name;
            if (changed.containsKey(key)) {
                return fit;
            }
            if (seen.size() >= MOST_SEEN || !seen.add(key)) {
                return fit;
            }
            changedNames++;
            if (changed.size() < MOST_PROBLEMS) {
                changed.put(
                        key,
                        new Problem(
                                kind + " '" + start(name) + "'",
                                "Zabbix cannot take a name like this (" + name.length()
                                        + " characters); it is shown there with " + MARK + ", and macros with a context"
                                        + " must name it so",
                                "rename it: at most " + maxGroup + " characters, no backslash at its end, no empty part"
                                        + " between slashes"));
            }
        }
        return fit;
    }

    private static String start(String name) {
        return name.length() <= 40 ? name : name.substring(0, 40) + MARK;
    }

    /**
     * A name without empty parts between slashes, and without a backslash at its end.
     *
     * @param most characters, the mark included
     */
    static String fitParts(String name, int most) {
        String cut = fit(name, most);
        if (cut.indexOf('/') < 0 && !cut.endsWith("\\") && !cut.isBlank()) {
            return cut;
        }
        StringBuilder filled = new StringBuilder(cut.length() + 2);
        for (String part : cut.split("/", -1)) {
            filled.append(part.isBlank() ? String.valueOf(MARK) : part).append('/');
        }
        String parts = filled.substring(0, filled.length() - 1);
        parts = parts.endsWith("\\") ? parts + MARK : parts;
        // Filling may have made it too long again.
        return parts.length() > most ? fitParts(parts.substring(0, most - 1) + MARK, most) : parts;
    }

    /** @param most characters, the mark included */
    static String fit(String name, int most) {
        String text = name.indexOf(0) < 0 ? name : name.replace((char) 0, MARK);
        if (text.length() <= most) {
            return text;
        }
        int end = most - 1;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + MARK;
    }
}
