package io.pingagent.app;

import io.pingagent.model.AddressSet;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import io.pingagent.zabbix.Targets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which targets go to Zabbix, and by which group and job each is known there. Brought up to date by {@code ping-reload}, read
 * by any thread.
 */
final class ZabbixTargets implements Targets {

    /** Where the ids come from. Any thread. */
    interface Directory {

        /** Ids are 0 to limit - 1. */
        int limit();

        /** Negative if there is none. */
        int idOf(IpAddress address);

        IpAddress address(int targetId);

        boolean onErrList(int targetId);
    }

    /** Replaced as a whole, never changed. An id beyond the arrays, or without a group, is not bridged. */
    private static final class Membership {
        final long version;
        final @Nullable String[] groups;
        final @Nullable String[] jobs;

        Membership(long version, @Nullable String[] groups, @Nullable String[] jobs) {
            this.version = version;
            this.groups = groups;
            this.jobs = jobs;
        }
    }

    private final Directory directory;
    private final List<String> wantedGroups;

    private CatalogueLoader.@Nullable Catalogue last;
    private volatile Membership membership = new Membership(0, new String[0], new String[0]);

    /** @param wantedGroups names of the groups that are bridged; empty: all */
    ZabbixTargets(Directory directory, List<String> wantedGroups) {
        this.directory = directory;
        this.wantedGroups = List.copyOf(wantedGroups);
    }

    /** Groups of the configuration that nobody probes. */
    List<Problem> problems(CatalogueLoader.Catalogue catalogue) {
        return wantedGroups.stream()
                .filter(group -> !catalogue.groups().containsKey(group))
                .map(group -> new Problem(
                        "zabbix.groups",
                        "no job names the group '" + group + "', so nothing of it goes to Zabbix",
                        "correct the name, or add the group to a job"))
                .toList();
    }

    /** To be called when the directory has the ids of the catalogue. */
    void update(CatalogueLoader.Catalogue catalogue) {
        if (last == null && !catalogue.isKnown()) {
            // An empty list would have Zabbix drop what it may still want.
            return;
        }
        if (last != null
                && last.groups().equals(catalogue.groups())
                && last.jobs().equals(catalogue.jobs())) {
            return;
        }
        String[] groups = new String[directory.limit()];
        String[] jobs = new String[groups.length];
        new TreeMap<>(catalogue.groups()).forEach((name, addresses) -> {
            if (wantedGroups.isEmpty() || wantedGroups.contains(name)) {
                nameFirst(name, addresses, groups);
            }
        });
        for (Map.Entry<String, JobSetup> job : new TreeMap<>(catalogue.jobs()).entrySet()) {
            nameFirst(job.getKey(), job.getValue().targets(), jobs);
        }
        membership = new Membership(membership.version + 1, groups, jobs);
        last = catalogue;
    }

    /** Names those that have no name yet: the first in the order of names wins. */
    private void nameFirst(String name, AddressSet addresses, @Nullable String[] names) {
        for (int i = 0; i < addresses.size(); i++) {
            int targetId = directory.idOf(addresses.get(i));
            if (targetId >= 0 && targetId < names.length && names[targetId] == null) {
                names[targetId] = name;
            }
        }
    }

    @Override
    public boolean ready() {
        return membership.version > 0;
    }

    @Override
    public long version() {
        return membership.version;
    }

    @Override
    public int limit() {
        return membership.groups.length;
    }

    @Override
    public boolean bridged(int targetId) {
        Membership now = membership;
        return targetId < now.groups.length && now.groups[targetId] != null && now.jobs[targetId] != null;
    }

    @Override
    public IpAddress address(int targetId) {
        return directory.address(targetId);
    }

    @Override
    public String group(int targetId) {
        return nameOf(membership.groups, targetId);
    }

    @Override
    public String job(int targetId) {
        return nameOf(membership.jobs, targetId);
    }

    /** Empty for a target that was bridged a moment ago. */
    private static String nameOf(@Nullable String[] names, int targetId) {
        String name = targetId < names.length ? names[targetId] : null;
        return name == null ? "" : name;
    }

    @Override
    public boolean onErrList(int targetId) {
        return directory.onErrList(targetId);
    }
}
