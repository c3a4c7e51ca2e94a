package io.pingagent.model;

import io.pingagent.base.OneLine;
import java.net.IDN;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A member of a group that stands for the addresses of a host name: {@code host:gw.example.net}, or {@code host4:} and
 * {@code host6:} for those of one family. Immutable.
 *
 * @param family whose addresses are meant
 * @param name in lower case, non-ASCII labels as A-labels (RFC 5890). With a dot at its end it is not searched for in the
 *     domains of {@code /etc/resolv.conf}
 */
public record HostName(Family family, String name) implements Comparable<HostName> {

    /** Which addresses of a name are probed, and how a member says so. */
    public enum Family {
        ANY("host:"),
        V4("host4:"),
        V6("host6:");

        private final String prefix;

        Family(String prefix) {
            this.prefix = prefix;
        }

        /** What stands before the name. */
        public String prefix() {
            return prefix;
        }
    }

    /** Of a name in text form without the last dot: RFC 1035, section 2.3.4. */
    private static final int MAX_NAME_CHARACTERS = 253;

    private static final int MAX_LABEL_CHARACTERS = 63;
    private static final int MAX_SHOWN = 100;

    /** Whether a member says that it is a host name; it may be a bad one. */
    public static boolean isMember(String member) {
        return prefixOf(member) != null;
    }

    /**
     * @param member with its prefix, as it stands in a group
     * @throws IllegalArgumentException if it is no host name; the message says why and what to write
     */
    public static HostName parse(String member) {
        Family family = prefixOf(member);
        if (family == null) {
            throw new IllegalArgumentException(quote(member) + " does not begin with host:, host4: or host6:");
        }
        String written = member.substring(family.prefix.length());
        requireNoAddress(member, written);
        String name = ascii(member, written).toLowerCase(Locale.ROOT);
        String withoutDot = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (withoutDot.isEmpty() || withoutDot.length() > MAX_NAME_CHARACTERS) {
            throw new IllegalArgumentException(quote(member) + " has a name of " + withoutDot.length()
                    + " characters; write one of 1 to " + MAX_NAME_CHARACTERS);
        }
        String[] labels = withoutDot.split("\\.", -1);
        for (String label : labels) {
            requireLabel(member, label);
        }
        if (labels[labels.length - 1].chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException(
                    quote(member) + " ends with a number, as no host name does; write the address without "
                            + family.prefix + ", or a name");
        }
        return new HostName(family, name);
    }

    /** The name as people write it. */
    public String nameWithoutDot() {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static @Nullable Family prefixOf(String member) {
        for (Family family : Family.values()) {
            if (member.startsWith(family.prefix)) {
                return family;
            }
        }
        return null;
    }

    private static void requireNoAddress(String member, String written) {
        if (written.indexOf(':') >= 0 || written.indexOf('/') >= 0) {
            throw new IllegalArgumentException(quote(member)
                    + " is no host name: it has ':' or '/'; write an address or network without the prefix, and a name"
                    + " without port and scheme");
        }
    }

    private static String ascii(String member, String written) {
        boolean isAscii = written.chars().allMatch(c -> c < 0x80);
        if (isAscii) {
            return written;
        }
        try {
            return IDN.toASCII(written);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    quote(member) + " is no international host name; correct it, or write its xn-- form", e);
        }
    }

    private static void requireLabel(String member, String label) {
        if (label.isEmpty() || label.length() > MAX_LABEL_CHARACTERS) {
            throw new IllegalArgumentException(quote(member) + " has a part of " + label.length()
                    + " characters between its dots; write 1 to " + MAX_LABEL_CHARACTERS);
        }
        boolean isFit =
                label.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_');
        if (!isFit || label.startsWith("-") || label.endsWith("-")) {
            throw new IllegalArgumentException(quote(member) + " has the part '" + OneLine.of(label, MAX_SHOWN)
                    + "'; write letters, digits, '-' within and '_'");
        }
    }

    private static String quote(String member) {
        return "'" + OneLine.of(member, MAX_SHOWN) + "'";
    }

    @Override
    public int compareTo(HostName other) {
        int byName = name.compareTo(other.name);
        return byName != 0 ? byName : family.compareTo(other.family);
    }

    /** As a member of a group. */
    @Override
    public String toString() {
        return family.prefix + name;
    }
}
