package io.pingagent.app;

import io.pingagent.model.AddressSet;
import io.pingagent.model.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * By which group and job each address is known: of several, the first in the order of names. Kept as the catalogue has it and
 * searched when somebody asks. Immutable, any thread.
 */
final class TargetNames {

    /** Group and job of an address. */
    record Names(String group, String job) {}

    private static final TargetNames NONE = new TargetNames(Map.of());

    private final Map<String, AddressSet> groups = new TreeMap<>();
    private final Map<String, JobSetup> jobs;

    TargetNames(Map<String, JobSetup> jobs) {
        this.jobs = new TreeMap<>(jobs);
        jobs.values().forEach(setup -> {
            for (int i = 0; i < setup.groups().size(); i++) {
                groups.put(setup.job().groups().get(i), setup.groups().get(i));
            }
        });
    }

    static TargetNames none() {
        return NONE;
    }

    /** Null if no job probes it by a group. */
    @Nullable
    Names find(IpAddress address) {
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

    /** The names of many addresses, in their order. */
    List<@Nullable Names> find(List<IpAddress> addresses) {
        long all = groups.values().stream().mapToLong(AddressSet::size).sum();
        List<@Nullable Names> found = new ArrayList<>(addresses.size());
        if ((long) addresses.size() * groups.size() <= all) {
            addresses.forEach(address -> found.add(find(address)));
            return found;
        }
        Map<IpAddress, String> groupOf = new HashMap<>();
        groups.forEach((name, members) -> members.forEach(address -> groupOf.putIfAbsent(address, name)));
        Map<IpAddress, String> jobOf = new HashMap<>();
        jobs.forEach((name, setup) ->
                setup.groups().forEach(group -> group.forEach(address -> jobOf.putIfAbsent(address, name))));
        for (IpAddress address : addresses) {
            String group = groupOf.get(address);
            String job = jobOf.get(address);
            found.add(group == null || job == null ? null : new Names(group, job));
        }
        return found;
    }
}
