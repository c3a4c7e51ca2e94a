package io.pingagent.agent.catalogue;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.AddressSet;
import io.pingagent.model.HostName;
import io.pingagent.model.Problem;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.catalogue.CatalogueReader;
import io.pingagent.redis.catalogue.CatalogueSigns;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The members of the groups that jobs name. A reading replaces what it can. What it cannot read or has lost (see
 * {@link CatalogueTrust}) stays as it was.
 */
@OwnedBy("caller")
final class KnownGroups {

    /**
     * What a group has: addresses, and names whose addresses others know. Which addresses those are is no matter of trust.
     */
    private record Members(AddressSet addresses, Set<HostName> names) {

        static final Members NONE = new Members(AddressSet.EMPTY, Set.of());

        boolean isEmpty() {
            return addresses.isEmpty() && names.isEmpty();
        }

        int size() {
            return addresses.size() + names.size();
        }

        /** How many others lack of these. */
        int missingIn(Members others) {
            if (others.isEmpty()) {
                return size();
            }
            int missing = 0;
            if (!names.isEmpty() && !names.equals(others.names)) {
                missing = (int) names.stream()
                        .filter(name -> !others.names.contains(name))
                        .count();
            }
            if (others.addresses.equals(addresses)) {
                return missing;
            }
            for (int i = 0; i < addresses.size(); i++) {
                if (!others.addresses.contains(addresses.get(i))) {
                    missing++;
                }
            }
            return missing;
        }

        Members and(Members others) {
            if (others.isEmpty()) {
                return this;
            }
            Set<HostName> all = new HashSet<>(names);
            all.addAll(others.names);
            return new Members(AddressSet.union(List.of(addresses, others.addresses)), Set.copyOf(all));
        }
    }

    /**
     * One group; replaced, never changed.
     *
     * @param readAt when the members were read; null if they never were
     * @param isSpoiled whether its key held something else than a set when it was last there
     * @param lost says what is kept; null without a doubt
     */
    private record Known(
            Members members,
            @Nullable Instant readAt,
            boolean isListed,
            boolean isSpoiled,
            List<Problem> problems,
            CatalogueTrust.@Nullable Doubt doubt,
            @Nullable Problem lost) {

        static final Known NOTHING = new Known(Members.NONE, null, false, false, List.of(), null, null);
    }

    private final InstantSource clock;
    private final Map<String, Known> groups = new TreeMap<>();
    /** Of the lists of groups, not of one group. */
    private List<Problem> listProblems = List.of();

    KnownGroups(InstantSource clock) {
        this.clock = clock;
    }

    /** The addresses that each group names itself. */
    Map<String, AddressSet> addresses() {
        Map<String, AddressSet> addresses = new HashMap<>();
        groups.forEach((name, group) -> addresses.put(name, group.members.addresses));
        return addresses;
    }

    /** The host names of the groups that have any. */
    Map<String, Set<HostName>> hostNames() {
        Map<String, Set<HostName>> names = new HashMap<>();
        groups.forEach((name, group) -> {
            if (!group.members.names.isEmpty()) {
                names.put(name, group.members.names);
            }
        });
        return names;
    }

    /** What users have to correct, in the order of the names, but {@link #doubts()}. */
    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>(listProblems);
        groups.values().forEach(group -> problems.addAll(group.problems));
        return problems;
    }

    /** What is kept although Redis has it no more. */
    List<Problem> doubts() {
        List<Problem> doubts = new ArrayList<>();
        groups.values().stream().map(Known::lost).forEach(problem -> {
            if (problem != null) {
                doubts.add(problem);
            }
        });
        return doubts;
    }

    /** Forgets all groups but these. */
    void retain(Set<String> named) {
        groups.keySet().retainAll(named);
        if (named.isEmpty()) {
            listProblems = List.of();
        }
    }

    /**
     * Which groups are to be read: new ones, those of the changed keys, and those whose trouble may be over.
     *
     * @param changedKeys null if everything may have changed
     */
    Set<String> toRead(Set<String> named, @Nullable Set<String> changedKeys) {
        boolean listsChanged = changedKeys == null
                || changedKeys.contains(RedisKeys.GROUP_LIST)
                || changedKeys.contains(RedisKeys.GROUPS_LIST);
        Set<String> wanted = new TreeSet<>();
        for (String name : named) {
            Known known = groups.get(name);
            boolean isUnsettled = known == null || known.doubt != null || listsChanged && !known.problems.isEmpty();
            if (changedKeys == null || isUnsettled || changedKeys.contains(RedisKeys.group(name))) {
                wanted.add(name);
            }
        }
        return wanted;
    }

    /**
     * @param asked the groups that were read
     * @param believed what was seen beside the last reading that was believed
     * @param removalSeen whether members were taken out of this key one by one since the last call
     */
    void take(
            Set<String> asked, CatalogueReader.Groups reading, CatalogueSigns believed, Predicate<String> removalSeen) {
        Map<String, List<Problem>> problemsByKey = new LinkedHashMap<>();
        for (Problem problem : reading.problems()) {
            problemsByKey
                    .computeIfAbsent(problem.where(), key -> new ArrayList<>())
                    .add(problem);
        }
        for (String name : asked) {
            String key = RedisKeys.group(name);
            Known before = groups.getOrDefault(name, Known.NOTHING);
            List<Problem> own = problemsByKey.getOrDefault(key, List.of());
            problemsByKey.remove(key);
            groups.put(
                    name,
                    reading.unreadable().containsKey(name) || isBeingReplaced(key, name, before, reading)
                            ? spoiled(before, own)
                            : judged(name, before, own, reading, believed, removalSeen.test(key)));
        }
        listProblems = problemsByKey.values().stream().flatMap(List::stream).toList();
    }

    /** Between the {@code DEL} of what spoiled it and the {@code SADD} of its members the key is not there. */
    private static boolean isBeingReplaced(String key, String name, Known before, CatalogueReader.Groups reading) {
        return before.isSpoiled
                && before.readAt != null
                && !reading.present().contains(name)
                && !reading.signs().isRemoved(key);
    }

    private static Known spoiled(Known before, List<Problem> problems) {
        List<Problem> explained = problems.stream()
                .map(problem ->
                        LastGoodText.explain(problem, "the list of members", before.readAt, "none of it is probed"))
                .toList();
        return new Known(before.members, before.readAt, before.isListed, true, explained, before.doubt, before.lost);
    }

    private Known judged(
            String name,
            Known before,
            List<Problem> problems,
            CatalogueReader.Groups reading,
            CatalogueSigns believed,
            boolean removalSeen) {
        String key = RedisKeys.group(name);
        Members now = new Members(
                reading.byName().getOrDefault(name, AddressSet.EMPTY),
                reading.hostNames().getOrDefault(name, Set.of()));
        boolean isListed = reading.listed().contains(name);
        CatalogueTrust.Doubt doubt = CatalogueTrust.ofGroup(
                believed,
                reading.signs(),
                new CatalogueTrust.Membership(
                        before.members.size(),
                        before.members.missingIn(now),
                        reading.present().contains(name),
                        before.isListed && !isListed,
                        reading.signs().isRemoved(key),
                        removalSeen,
                        before.doubt != null));
        if (doubt == null) {
            return new Known(now, clock.instant(), isListed, false, problems, null, null);
        }
        // New members are probed as well, while those that vanished stay.
        Members all = before.members.and(now);
        Problem lost = doubt == before.doubt && before.lost != null
                ? before.lost
                : DoubtText.ofGroup(doubt, name, before.members.size());
        return new Known(all, before.readAt, before.isListed, false, List.of(), doubt, lost);
    }
}
