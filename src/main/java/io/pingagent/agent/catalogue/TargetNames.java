package io.pingagent.agent.catalogue;

import io.pingagent.base.AnyThread;
import io.pingagent.model.AddressSet;
import io.pingagent.model.IpAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * By which group and job each address is known: of several, the first in the order of names. Kept as the catalogue has it and
 * searched when somebody asks. Immutable.
 */
@AnyThread
public final class TargetNames {

    /** Group and job of an address. */
    public record Names(String group, String job) {}

    private final Map<String, AddressSet> groups = new TreeMap<>();
    private final Map<String, JobSetup> jobs;
    private final Supplier<LabelBook> labels;

    /** Without labels. */
    public TargetNames(Map<String, JobSetup> jobs) {
        this(jobs, () -> LabelBook.EMPTY);
    }

    /** @param labels as they are now */
    public TargetNames(Map<String, JobSetup> jobs, Supplier<LabelBook> labels) {
        this.jobs = new TreeMap<>(jobs);
        this.labels = labels;
        jobs.values().forEach(setup -> {
            for (int i = 0; i < setup.groups().size(); i++) {
                groups.put(setup.job().groups().get(i), setup.groups().get(i));
            }
        });
    }

    public static TargetNames none() {
        return new TargetNames(Map.of());
    }

    /** What users call the addresses now. */
    public LabelBook labels() {
        return labels.get();
    }

    /** Null if no job probes it by a group. */
    @Nullable
    public Names find(IpAddress address) {
        String group = null;
        for (Map.Entry<String, AddressSet> entry : groups.entrySet()) {
            if (entry.getValue().contains(address)) {
                group = entry.getKey();
                break;
            }
        }
        return group == null ? null : new Names(group, jobOf(address));
    }

    private String jobOf(IpAddress address) {
        for (Map.Entry<String, JobSetup> entry : jobs.entrySet()) {
            for (AddressSet group : entry.getValue().groups()) {
                if (group.contains(address)) {
                    return entry.getKey();
                }
            }
        }
        return "";
    }

    /** The names of many addresses, in their order; null where {@link #find(IpAddress)} has none. */
    public List<@Nullable Names> find(List<IpAddress> sorted) {
        @Nullable String[] groupOf = new String[sorted.size()];
        @Nullable String[] jobOf = new String[sorted.size()];
        groups.forEach((name, members) -> nameFirst(name, members, sorted, groupOf));
        jobs.forEach((name, setup) -> setup.groups().forEach(members -> nameFirst(name, members, sorted, jobOf)));
        List<@Nullable Names> found = new ArrayList<>(sorted.size());
        Names before = null;
        for (int i = 0; i < sorted.size(); i++) {
            String group = groupOf[i];
            String job = jobOf[i];
            if (group == null || job == null) {
                found.add(null);
                continue;
            }
            // Neighbours mostly have the same.
            if (before == null || !before.group.equals(group) || !before.job.equals(job)) {
                before = new Names(group, job);
            }
            found.add(before);
        }
        return found;
    }

    /** Names those that have no name yet. Few are looked for in the members, many members are looked for among them. */
    private static void nameFirst(String name, AddressSet members, List<IpAddress> sorted, @Nullable String[] names) {
        if (sorted.size() < members.size()) {
            for (int i = 0; i < names.length; i++) {
                if (names[i] == null && members.contains(sorted.get(i))) {
                    names[i] = name;
                }
            }
            return;
        }
        members.forEach(member -> {
            int at = Collections.binarySearch(sorted, member);
            if (at >= 0 && names[at] == null) {
                names[at] = name;
            }
        });
    }
}
