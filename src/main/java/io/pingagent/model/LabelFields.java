package io.pingagent.model;

import io.pingagent.base.OneLine;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The rules for name, parent and labels of an address. They are the fields of a hash {@code target_$ip}, and the words
 * behind an address in a list of members. Stateless, any thread.
 */
public final class LabelFields {

    public static final String NAME = "name";
    public static final String PARENT = "parent";

    /** Of a name: as many as a visible name of a host in Zabbix has at most. UTF-16 characters, as all limits here. */
    public static final int MOST_NAME_CHARACTERS = 128;

    public static final int MOST_LABEL_CHARACTERS = 64;
    /** Of a label's value: as many as the value of a tag in Zabbix has at most. */
    public static final int MOST_VALUE_CHARACTERS = 255;
    /** Labels of one address, name and parent not among them. */
    public static final int MOST_LABELS = 32;

    private static final int MOST_SHOWN = 60;

    private LabelFields() {}

    /**
     * Name, parent and labels of an address. A field without a value counts as missing.
     *
     * @throws IllegalArgumentException if a field is against the rules; the message names it and says why
     */
    public static TargetLabels parse(IpAddress of, Map<String, String> fields) {
        Map<String, String> labels = new TreeMap<>();
        String name = "";
        IpAddress parent = null;
        for (Map.Entry<String, String> field : fields.entrySet()) {
            String label = field.getKey();
            String value = field.getValue();
            check(label, value);
            if (value.isEmpty()) {
                continue;
            }
            switch (label) {
                case NAME -> name = value;
                case PARENT -> parent = parent(of, value);
                default -> labels.put(label, value);
            }
        }
        if (labels.size() > MOST_LABELS) {
            throw new IllegalArgumentException(
                    "it has " + labels.size() + " labels; an address has at most " + MOST_LABELS);
        }
        return new TargetLabels(name, parent, labels);
    }

    /**
     * Checks one field on its own; {@link #parse} looks at the address behind {@code parent}, too.
     *
     * @throws IllegalArgumentException if the label's name or its value is against the rules
     */
    public static void check(String label, String value) {
        if (!isLabel(label)) {
            throw new IllegalArgumentException("'" + OneLine.of(label, MOST_SHOWN)
                    + "' cannot be the name of a label: 1 to " + MOST_LABEL_CHARACTERS
                    + " letters and digits of ASCII, '_', '-' and '.'");
        }
        String lower = label.toLowerCase(Locale.ROOT);
        if (!label.equals(lower) && (lower.equals(NAME) || lower.equals(PARENT))) {
            throw new IllegalArgumentException("'" + label + "' cannot be the name of a label: write '" + lower + "'");
        }
        int most = label.equals(NAME) ? MOST_NAME_CHARACTERS : MOST_VALUE_CHARACTERS;
        if (value.length() > most) {
            throw new IllegalArgumentException("the value of '" + label + "' has " + value.length()
                    + " characters, at most " + most + " are allowed");
        }
        if (value.codePoints().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the value of '" + label + "' holds a control character");
        }
        if (!value.isEmpty() && value.isBlank()) {
            throw new IllegalArgumentException("the value of '" + label + "' is blank");
        }
    }

    private static boolean isLabel(String label) {
        return !label.isEmpty()
                && label.length() <= MOST_LABEL_CHARACTERS
                && label.chars()
                        .allMatch(c -> c >= 'a' && c <= 'z'
                                || c >= 'A' && c <= 'Z'
                                || c >= '0' && c <= '9'
                                || c == '_'
                                || c == '-'
                                || c == '.');
    }

    private static IpAddress parent(IpAddress of, String value) {
        IpAddress parent;
        try {
            parent = Addresses.parse(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the value of 'parent' is no address: " + e.getMessage(), e);
        }
        if (parent.equals(of)) {
            throw new IllegalArgumentException("its 'parent' is the address itself");
        }
        return parent;
    }
}
