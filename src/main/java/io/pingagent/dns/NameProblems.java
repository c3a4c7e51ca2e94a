package io.pingagent.dns;

import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The problems of names, of each group the first and a line with the rest. Stateless. */
final class NameProblems {

    static final int MOST_PER_GROUP = 20;

    private NameProblems() {}

    static List<Problem> of(Map<String, Set<HostName>> byGroup, Map<HostName, Resolved> known) {
        List<Problem> problems = new ArrayList<>();
        new TreeMap<>(byGroup).forEach((group, names) -> {
            String key = "group_" + group;
            int failed = 0;
            for (HostName name : new TreeSet<>(names)) {
                Resolved resolved = known.getOrDefault(name, Resolved.PENDING);
                boolean hasTooMany = resolved.found() > resolved.addresses().size();
                if (resolved.failure().isEmpty() && !hasTooMany) {
                    continue;
                }
                if (++failed <= MOST_PER_GROUP) {
                    problems.add(resolved.failure().isEmpty() ? tooMany(key, name, resolved) : of(key, name, resolved));
                }
            }
            if (failed > MOST_PER_GROUP) {
                problems.add(new Problem(
                        key,
                        moreThan(failed - MOST_PER_GROUP) + " do not resolve",
                        "correct the names before first, and see with 'dig NAME' or 'getent hosts NAME' whether the servers"
                                + " of /etc/resolv.conf or dns.servers answer"));
            }
        });
        return problems;
    }

    private static Problem of(String key, HostName name, Resolved resolved) {
        String addresses =
                resolved.addresses().stream().map(IpAddress::toString).collect(Collectors.joining(", "));
        if (!resolved.unanswered().isEmpty()) {
            HostName.Family other = resolved.unanswered().equals("A") ? HostName.Family.V6 : HostName.Family.V4;
            return new Problem(
                    key,
                    "'" + name + "' has no answer for " + resolved.unanswered() + ": " + resolved.failure()
                            + "; probed at " + addresses,
                    "write " + other.prefix() + name.name() + " if that is all it has, or see what 'dig "
                            + name.nameWithoutDot() + ' ' + resolved.unanswered() + "' says");
        }
        String kept = addresses.isEmpty() ? "nothing of it is probed" : "probed at its last address " + addresses;
        return new Problem(
                key,
                "'" + name + "' does not resolve: " + resolved.failure() + "; " + kept,
                "correct the name or its records, or SREM this member of " + key);
    }

    private static Problem tooMany(String key, HostName name, Resolved resolved) {
        return new Problem(
                key,
                "'" + name + "' has more than " + NameTable.MOST_ADDRESSES + " addresses; the first "
                        + resolved.addresses().size() + " are probed",
                "write the addresses that are meant");
    }

    /** In steps of 1, 2 and 5, so that the line stays the same while a few come and go. */
    private static String moreThan(int count) {
        int step = 1;
        int next = 2;
        while (next <= count) {
            step = next;
            next = Integer.toString(step).startsWith("2") ? step / 2 * 5 : step * 2;
        }
        return step == 1 ? "more names" : "at least " + step + " more names";
    }
}
