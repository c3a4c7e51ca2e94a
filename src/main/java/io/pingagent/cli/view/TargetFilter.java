package io.pingagent.cli.view;

import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.model.LabelFields;
import io.pingagent.model.TargetLabels;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which addresses {@code --label} and {@code --search} ask for. All of it must hold. Immutable. */
public final class TargetFilter {

    /** Every address. */
    public static final TargetFilter ALL = new TargetFilter(List.of(), "");

    /** @param value null: any */
    private record Term(
            String label, boolean isNot, @Nullable String value) {

        boolean holds(TargetLabels labels) {
            String own = value(labels);
            boolean isSo = value == null ? !own.isEmpty() : own.equals(value);
            return isSo != isNot;
        }

        /** Empty if there is none. */
        private String value(TargetLabels labels) {
            IpAddress parent = labels.parent();
            return switch (label) {
                case LabelFields.NAME -> labels.name();
                case LabelFields.PARENT -> parent == null ? "" : parent.toString();
                default -> labels.labels().getOrDefault(label, "");
            };
        }
    }

    private final List<Term> terms;
    private final String search;

    private TargetFilter(List<Term> terms, String search) {
        this.terms = terms;
        this.search = search;
    }

    /**
     * @param labels as in {@code site=ams}, {@code site!=ams} or {@code site}
     * @param search part of an address or name, in any case; null: any
     * @throws CommandFailure if a label cannot be one
     */
    public static TargetFilter of(List<String> labels, @Nullable String search) {
        if (labels.isEmpty() && search == null) {
            return ALL;
        }
        if (search != null && search.isBlank()) {
            throw CommandFailure.usage("--search takes a part of an address or name");
        }
        List<Term> terms = new ArrayList<>();
        for (String text : labels) {
            terms.add(term(text));
        }
        return new TargetFilter(List.copyOf(terms), search == null ? "" : search.toLowerCase(Locale.ROOT));
    }

    private static Term term(String text) {
        int equals = text.indexOf('=');
        boolean isNot = equals > 0 && text.charAt(equals - 1) == '!';
        String label = equals < 0 ? text : text.substring(0, isNot ? equals - 1 : equals);
        String value = equals < 0 ? null : text.substring(equals + 1);
        try {
            LabelFields.check(label, value == null ? "" : value);
            if (label.equals(LabelFields.PARENT) && value != null && !value.isEmpty()) {
                // As it is compared; an address can be written in several ways.
                value = Addresses.parse(value).toString();
            }
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(
                    "--label '" + text + "': " + e.getMessage() + "; write it as in site=ams, site!=ams or site");
        }
        return new Term(label, isNot, value);
    }

    public boolean isAll() {
        return terms.isEmpty() && search.isEmpty();
    }

    boolean matches(String address, TargetLabels labels) {
        return (address.toLowerCase(Locale.ROOT).contains(search)
                        || labels.name().toLowerCase(Locale.ROOT).contains(search))
                && terms.stream().allMatch(term -> term.holds(labels));
    }
}
