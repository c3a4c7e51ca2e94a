package io.pingagent.zabbix;

import com.google.gson.stream.JsonWriter;
import io.pingagent.base.OwnedBy;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import io.pingagent.model.TargetLabels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Name, labels and parent of an address as macros of a discovery list. Zabbix drops a row that lacks a macro of the
 * filter, and shows an unknown macro as it is written. So every row has the same macros, whoever of the addresses is
 * listed at the moment: those of all labels that any bridged address has.
 *
 * <p>Names of graphs and visible names of hosts must differ. So of addresses with the same name each has itself behind it.
 */
@OwnedBy("caller")
final class LabelMacros {

    /** Macros of labels in one list: rows without limit times labels without limit are too much for any server. */
    static final int MOST_MACROS = 64;

    /** There always, since the templates name it. */
    private static final String SITE = "SITE";

    private static final int MOST_SHOWN = 5;

    private final LldNames names;
    /** Label names by what stands for them in a macro, the most important first. */
    private final TreeMap<String, List<String>> labelsByMacro = new TreeMap<>();
    /** Names, as Zabbix gets them, that several addresses have. */
    private final Set<String> ambiguous = new HashSet<>();

    private boolean isAnyLabelled;
    private boolean isAnyBehind;

    private final Set<String> leftOut = new TreeSet<>();

    LabelMacros(BridgedTargets targets, LldNames names) {
        this.names = names;
        Set<String> labels = new TreeSet<>();
        Set<String> seen = new HashSet<>();
        int limit = targets.limit();
        for (int id = 0; id < limit; id++) {
            TargetLabels own = targets.labels(id);
            if (!own.isEmpty() && targets.bridged(id)) {
                labels.addAll(own.labels().keySet());
                isAnyLabelled |= !own.labels().isEmpty();
                isAnyBehind |= own.parent() != null;
                String name = names.name(own.name());
                if (!name.isEmpty() && !seen.add(name)) {
                    ambiguous.add(name);
                }
            }
        }
        findAddressesAsNames(targets, seen);
        labelsByMacro.put(SITE, new ArrayList<>());
        for (String label : labels) {
            String macro = macro(label);
            if (labelsByMacro.size() >= MOST_MACROS && !labelsByMacro.containsKey(macro)) {
                leftOut.add(label);
            } else {
                labelsByMacro.computeIfAbsent(macro, key -> new ArrayList<>()).add(label);
            }
        }
    }

    /** Of an address without a name it is the name, so that no other should have it. */
    private void findAddressesAsNames(BridgedTargets targets, Set<String> seen) {
        Set<String> likeAddresses = new HashSet<>(seen);
        likeAddresses.removeIf(name -> name.indexOf(':') < 0 && !Character.isDigit(name.charAt(0)));
        if (likeAddresses.isEmpty()) {
            return;
        }
        int limit = targets.limit();
        for (int id = 0; id < limit; id++) {
            if (targets.bridged(id) && targets.labels(id).name().isEmpty()) {
                String ip = targets.address(id).toString();
                if (likeAddresses.contains(ip)) {
                    ambiguous.add(ip);
                }
            }
        }
    }

    /** As in {@code {#LABEL.SITE}}: upper case; what Zabbix does not take in a macro's name becomes an underscore. */
    static String macro(String label) {
        return label.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9_.]", "_");
    }

    /** @param isShort without macros that are empty in all rows */
    void write(JsonWriter json, IpAddress address, TargetLabels labels, boolean isShort) throws IOException {
        IpAddress parent = labels.parent();
        json.name("{#NAME}").value(name(address.toString(), labels.name()));
        if (isAnyBehind || !isShort) {
            json.name("{#PARENT}").value(parent == null ? "" : parent.toString());
        }
        if (isShort && !isAnyLabelled) {
            return;
        }
        json.name("{#LABELS}").value(labels.labels().isEmpty() ? "" : names.labels(labels.labelsText()));
        for (Map.Entry<String, List<String>> macro : labelsByMacro.entrySet()) {
            json.name("{#LABEL." + macro.getKey() + "}").value(value(labels.labels(), macro.getValue()));
        }
    }

    private String name(String ip, String name) {
        if (name.isEmpty()) {
            return ip;
        }
        String cut = names.name(name);
        return ambiguous.contains(cut) ? names.nameWith(name, ip) : cut;
    }

    /** Of two labels that become one macro, the first in the order of names that the address has. */
    private String value(Map<String, String> labels, List<String> candidates) {
        for (String label : candidates) {
            String value = labels.get(label);
            if (value != null) {
                return names.labels(value);
            }
        }
        return "";
    }

    /** What users have to know of this list. */
    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        if (!leftOut.isEmpty()) {
            problems.add(new Problem(
                    "labels in Zabbix",
                    "the addresses have labels of more than " + MOST_MACROS + " names; there is no macro for "
                            + leftOut.stream().limit(MOST_SHOWN).toList()
                            + (leftOut.size() > MOST_SHOWN ? " and others" : ""),
                    "use fewer names of labels; {#LABELS} has all of them"));
        }
        return problems;
    }
}
