package io.pingagent.agent.catalogue;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.AddressSet;
import io.pingagent.model.Problem;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.catalogue.CatalogueReader;
import io.pingagent.redis.catalogue.CatalogueSigns;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
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
     * One group; replaced, never changed.
     *
     * @param readAt when the members were read; null if they never were
     * @param isSpoiled whether its key held something else than a set when it was last there
     * @param lost says what is kept; null without a doubt
     */
    private record Known(
            AddressSet members,
            @Nullable Instant readAt,
            boolean isListed,
            boolean isSpoiled,
            List<Problem> problems,
            CatalogueTrust.@Nullable Doubt doubt,
            @Nullable Problem lost) {

        static final Known NOTHING = new Known(AddressSet.EMPTY, null, false, false, List.of(), null, null);
    }

    private final InstantSource clock;
    private final Map<String, Known> groups = new TreeMap<>();
    /** Of the lists of groups, not of one group. */
    private List<Problem> listProblems = List.of();

    KnownGroups(InstantSource clock) {
        this.clock = clock;
    }

    Map<String, AddressSet> members() {
        Map<String, AddressSet> members = new HashMap<>();
        groups.forEach((name, group) -> members.put(name, group.members));
        return members;
    }

    AddressSet members(String group) {
        return groups.getOrDefault(group, Known.NOTHING).members;
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

    private static int missing(AddressSet before, AddressSet now) {
        if (now.isEmpty()) {
            return before.size();
        }
        if (now.equals(before)) {
            return 0;
        }
        int missing = 0;
        for (int i = 0; i < before.size(); i++) {
            if (!now.contains(before.get(i))) {
                missing++;
            }
        }
        return missing;
    }

    private Known judged(
            String name,
            Known before,
            List<Problem> problems,
            CatalogueReader.Groups reading,
            CatalogueSigns believed,
            boolean removalSeen) {
        String key = RedisKeys.group(name);
        AddressSet now = reading.byName().getOrDefault(name, AddressSet.EMPTY);
        boolean isListed = reading.listed().contains(name);
        CatalogueTrust.Doubt doubt = CatalogueTrust.ofGroup(
                believed,
                reading.signs(),
                new CatalogueTrust.Membership(
                        before.members.size(),
                        missing(before.members, now),
                        reading.present().contains(name),
                        before.isListed && !isListed,
                        reading.signs().isRemoved(key),
                        removalSeen,
                        before.doubt != null));
        if (doubt == null) {
            return new Known(now, clock.instant(), isListed, false, problems, null, null);
        }
        // New members are probed as well, while those that vanished stay.
        AddressSet all = now.isEmpty() ? before.members : AddressSet.union(List.of(before.members, now));
        Problem lost = doubt == before.doubt && before.lost != null
                ? before.lost
                : DoubtText.ofGroup(doubt, name, before.members.size());
        return new Known(all, before.readAt, before.isListed, false, List.of(), doubt, lost);
    }
}
