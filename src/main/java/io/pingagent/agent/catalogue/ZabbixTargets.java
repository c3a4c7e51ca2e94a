package io.pingagent.agent.catalogue;

import io.pingagent.base.AnyThread;
import io.pingagent.model.AddressSet;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import io.pingagent.model.TargetLabels;
import io.pingagent.model.ZabbixHost;
import io.pingagent.zabbix.BridgedTargets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which targets go to Zabbix, and by which group and job each is known there. One thread at a time updates it; any thread may
 * read.
 */
public final class ZabbixTargets implements BridgedTargets, CatalogueFollower {

    /** Where the ids come from. */
    @AnyThread
    public interface Directory {

        /** Ids are 0 to limit - 1. */
        int limit();

        /** Negative if there is none. */
        int idOf(IpAddress address);

        IpAddress address(int targetId);

        boolean onErrList(int targetId);

        /** See {@link BridgedTargets#silentNanos}. */
        default long silentNanos(int targetId) {
            return Long.MAX_VALUE;
        }

        /** See {@link BridgedTargets#timeoutNanos}. */
        default long timeoutNanos(int targetId) {
            return 0;
        }

        /** See {@link BridgedTargets#ask}. A directory that does not probe has nobody to ask. */
        default boolean ask(int targetId) {
            return true;
        }
    }

    /** Replaced as a whole, never changed. An id beyond the arrays, or without a group, is not bridged. */
    private static final class Membership {
        final long version;
        final @Nullable String[] groups;
        final @Nullable String[] jobs;
        /** Only of targets that have any. */
        final Map<Integer, List<ZabbixHost>> hosts;
        /** Of all those hosts; null while some may not be known. */
        final @Nullable Set<String> hostNames;

        final TargetNaming naming;

        Membership(
                long version,
                @Nullable String[] groups,
                @Nullable String[] jobs,
                Map<Integer, List<ZabbixHost>> hosts,
                @Nullable Set<String> hostNames,
                TargetNaming naming) {
            this.version = version;
            this.groups = groups;
            this.jobs = jobs;
            this.hosts = hosts;
            this.hostNames = hostNames;
            this.naming = naming;
        }
    }

    private final Directory directory;
    private final KnownHosts knownHosts;
    private final Supplier<LabelBook> labels;
    private final List<String> wantedGroups;

    private @Nullable CatalogueSnapshot last;
    private Map<String, Map<IpAddress, List<ZabbixHost>>> lastHosts = Map.of();
    private LabelBook lastLabels = LabelBook.EMPTY;
    private boolean wasComplete;
    private volatile Membership membership =
            new Membership(0, new String[0], new String[0], Map.of(), null, TargetNaming.NONE);

    /**
     * @param labels as they are now, of all addresses
     * @param wantedGroups names of the groups that are bridged; empty: all
     */
    public ZabbixTargets(
            Directory directory, KnownHosts knownHosts, Supplier<LabelBook> labels, List<String> wantedGroups) {
        this.directory = directory;
        this.knownHosts = knownHosts;
        this.labels = labels;
        this.wantedGroups = List.copyOf(wantedGroups);
    }

    @Override
    public List<Problem> follow(CatalogueSnapshot catalogue) {
        update(catalogue);
        return problems(catalogue);
    }

    /** Groups of the configuration that nobody probes, and hosts that could not be read at the last update. */
    List<Problem> problems(CatalogueSnapshot catalogue) {
        List<Problem> problems = new ArrayList<>(knownHosts.problems());
        wantedGroups.stream()
                .filter(group -> !catalogue.groups().containsKey(group))
                .map(group -> new Problem(
                        "zabbix.groups",
                        "no job names the group '" + group + "', so nothing of it goes to Zabbix",
                        "correct the name, or add the group to a job"))
                .forEach(problems::add);
        return problems;
    }

    /**
     * To be called when the directory has the ids of the catalogue.
     *
     * @throws io.pingagent.redis.RedisUnreachableException if the hosts cannot be read; what is known stays
     */
    public void update(CatalogueSnapshot catalogue) {
        if (last == null && !catalogue.isKnown()) {
            // An empty list would have Zabbix drop what it may still want.
            return;
        }
        boolean isOnlyRenamed = last != null && !catalogue.isRead();
        Map<String, Map<IpAddress, List<ZabbixHost>>> hosts = isOnlyRenamed ? lastHosts : knownHosts.read(catalogue);
        LabelBook book = labels.get();
        if (last != null
                && hosts.equals(lastHosts)
                && book.equals(lastLabels)
                && wasComplete == knownHosts.isComplete()
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
        Map<Integer, List<ZabbixHost>> byTarget = byTarget(hosts);
        membership = new Membership(
                membership.version + 1,
                groups,
                jobs,
                byTarget,
                knownHosts.isComplete() ? namesOf(byTarget) : null,
                TargetNaming.of(book, directory::idOf));
        last = catalogue;
        lastLabels = book;
        lastHosts = hosts;
        wasComplete = knownHosts.isComplete();
    }

    /** An address of several groups has the hosts of all of them, in the order of the groups' names. */
    private Map<Integer, List<ZabbixHost>> byTarget(Map<String, Map<IpAddress, List<ZabbixHost>>> byGroup) {
        Map<Integer, List<ZabbixHost>> byTarget = new HashMap<>();
        new TreeMap<>(byGroup).forEach((group, byAddress) -> {
            if (wantedGroups.isEmpty() || wantedGroups.contains(group)) {
                byAddress.forEach((address, hosts) -> {
                    int targetId = directory.idOf(address);
                    if (targetId >= 0) {
                        byTarget.merge(targetId, hosts, ZabbixTargets::together);
                    }
                });
            }
        });
        return byTarget;
    }

    private static Set<String> namesOf(Map<Integer, List<ZabbixHost>> byTarget) {
        return byTarget.values().stream()
                .flatMap(List::stream)
                .map(ZabbixHost::name)
                .collect(Collectors.toSet());
    }

    private static List<ZabbixHost> together(List<ZabbixHost> some, List<ZabbixHost> others) {
        return Stream.concat(some.stream(), others.stream()).distinct().toList();
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

    @Override
    public List<ZabbixHost> hosts(int targetId) {
        return membership.hosts.getOrDefault(targetId, List.of());
    }

    @Override
    public TargetLabels labels(int targetId) {
        return membership.naming.labels(targetId);
    }

    @Override
    public int parent(int targetId) {
        return membership.naming.parent(targetId);
    }

    @Override
    public boolean mayTakeValues(String hostName) {
        Set<String> names = membership.hostNames;
        return names == null || names.contains(hostName);
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

    @Override
    public long silentNanos(int targetId) {
        return directory.silentNanos(targetId);
    }

    @Override
    public long timeoutNanos(int targetId) {
        return directory.timeoutNanos(targetId);
    }

    @Override
    public boolean ask(int targetId) {
        return directory.ask(targetId);
    }
}
