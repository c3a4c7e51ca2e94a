package io.pingagent.cli;

import io.pingagent.model.Addresses;
import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import io.pingagent.model.LabelFields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A member of a group as users write it, with what they call it: {@code 192.0.2.7 name=core-1 site="Amsterdam Zuid"}.
 * Immutable.
 *
 * @param member an address or network, as it was written
 * @param addresses how many addresses it stands for
 * @param target the address that has the labels; null without labels
 * @param labels fields of its hash in Redis; an empty value removes its field
 */
record MemberLine(String member, int addresses, @Nullable IpAddress target, Map<String, String> labels) {

    /**
     * The member of a line of a list, or null if it has none. A {@code #} begins a comment, but not within a label.
     *
     * @throws IllegalArgumentException if the line is no member; the message says why
     */
    static @Nullable MemberLine parse(String line) {
        List<String> words = words(line);
        return words.isEmpty() ? null : of(words);
    }

    /**
     * The members of a command line: words with a {@code =} belong to the address before them.
     *
     * @throws IllegalArgumentException as {@link #parse}
     */
    static List<MemberLine> ofArguments(List<String> arguments) {
        List<MemberLine> lines = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (String word : arguments) {
            if (word.indexOf('=') < 0 && !words.isEmpty()) {
                lines.add(of(words));
                words = new ArrayList<>();
            }
            words.add(word);
        }
        if (!words.isEmpty()) {
            lines.add(of(words));
        }
        return lines;
    }

    private static MemberLine of(List<String> words) {
        String member = words.get(0);
        int addresses = addresses(member);
        if (words.size() == 1) {
            return new MemberLine(member, addresses, null, Map.of());
        }
        Map<String, String> labels = new LinkedHashMap<>();
        for (String word : words.subList(1, words.size())) {
            int equals = word.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("'" + word + "' behind '" + member
                        + "' is no label; write one address a line, and labels as in site=ams");
            }
            String label = word.substring(0, equals);
            if (labels.put(label, word.substring(equals + 1)) != null) {
                throw new IllegalArgumentException("'" + member + "' has '" + label + "' twice; write it once");
            }
        }
        if (HostName.isMember(member)) {
            throw new IllegalArgumentException(
                    "'" + member + "' is a host name, but labels belong to one address; write them behind its address");
        }
        if (member.indexOf('/') >= 0) {
            throw new IllegalArgumentException(
                    "'" + member + "' is a network, but labels belong to one address; write its addresses one a line");
        }
        IpAddress target = Addresses.parse(member);
        try {
            LabelFields.parse(target, labels);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("labels of '" + member + "': " + e.getMessage() + "; correct it", e);
        }
        return new MemberLine(member, addresses, target, labels);
    }

    /**
     * Whether a text is an address that can answer, a network of them with one meaning, or a host name.
     *
     * @return how many addresses it stands for; a host name counts as one, as only the agent asks for it
     * @throws IllegalArgumentException if not; the message says why
     */
    private static int addresses(String member) {
        if (HostName.isMember(member)) {
            HostName.parse(member);
            return 1;
        }
        String meanings = Addresses.doubleMeaning(member);
        if (!meanings.isEmpty()) {
            throw new IllegalArgumentException("'" + member + "' means " + meanings + "; write the one that is meant");
        }
        int[] count = {0};
        try {
            Addresses.expand(member, address -> count[0]++);
        } catch (IllegalArgumentException e) {
            throw isLikeAName(member)
                    ? new IllegalArgumentException(e.getMessage() + "; write host:" + member + " for a host name", e)
                    : e;
        }
        return count[0];
    }

    /** Whether it is probably meant as a host name: it would be one with the prefix, and has a dot. */
    private static boolean isLikeAName(String member) {
        try {
            HostName.parse(HostName.Family.ANY.prefix() + member);
            return member.indexOf('.') > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Blanks within double quotes are part of a word, and so are quotes and backslashes behind a backslash there. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>(1);
        StringBuilder word = new StringBuilder();
        boolean isQuoted = false;
        boolean isOpen = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (isQuoted) {
                if (c == '\\' && i + 1 < line.length() && "\"\\".indexOf(line.charAt(i + 1)) >= 0) {
                    word.append(line.charAt(++i));
                } else if (c == '"') {
                    isQuoted = false;
                } else {
                    word.append(c);
                }
            } else if (c == '#' && (!isOpen || words.isEmpty())) {
                break;
            } else if (Character.isWhitespace(c)) {
                if (isOpen) {
                    words.add(word.toString());
                    word.setLength(0);
                    isOpen = false;
                }
            } else {
                isOpen = true;
                isQuoted = c == '"' && !words.isEmpty();
                if (!isQuoted) {
                    word.append(c);
                }
            }
        }
        if (isQuoted) {
            throw new IllegalArgumentException("a double quote is not closed; write it as in site=\"Amsterdam Zuid\"");
        }
        if (isOpen) {
            words.add(word.toString());
        }
        return words;
    }
}
