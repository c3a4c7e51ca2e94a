package io.pingagent.agent.catalogue;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anySet;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.pingagent.jobs.CronSpecs;
import io.pingagent.model.AddressSet;
import io.pingagent.model.Addresses;
import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisUnreachableException;
import io.pingagent.redis.ServerFacts;
import io.pingagent.redis.catalogue.CatalogueReader;
import io.pingagent.redis.catalogue.CatalogueSigns;
import io.pingagent.redis.catalogue.CatalogueSigns.Witness;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A catalogue that a mocked source reads: jobs of one group each, groups of literal addresses. One thread. */
final class CatalogueLab {

    static final long SECOND_NANOS = 1_000_000_000L;

    private static final ServerFacts MASTER = new ServerFacts("run1", "history1", "standalone", false, false, false, 0);

    private static final NamedAddresses NO_NAMES = mock(NamedAddresses.class);

    final CatalogueSource source = mock(CatalogueSource.class);
    private final Map<String, CatalogueReader.StoredJob> jobs = new HashMap<>();
    private final Map<String, AddressSet> groups = new HashMap<>();
    private final Map<String, Set<HostName>> hostNames = new HashMap<>();
    private final Set<String> listed = new HashSet<>();
    private final Map<String, Problem> unreadable = new HashMap<>();
    private ServerFacts server = MASTER;
    private Witness witness = Witness.PRESENT;

    CatalogueLab() {
        when(source.readJobs(anySet())).thenAnswer(call -> jobs());
        when(source.readGroups(anySet(), any())).thenAnswer(call -> groups(call.getArgument(0)));
    }

    CatalogueLoader loader(boolean leavesWitness) {
        return loader(leavesWitness, NO_NAMES);
    }

    CatalogueLoader loader(boolean leavesWitness, NamedAddresses names) {
        return new CatalogueLoader(
                source,
                new RedisKeys("gz"),
                SECOND_NANOS,
                new CronSpecs(ZoneOffset.UTC),
                () -> true,
                leavesWitness,
                names);
    }

    static AddressSet addresses(String... literals) {
        return AddressSet.of(Stream.of(literals).map(Addresses::parse).toArray(IpAddress[]::new));
    }

    CatalogueLab job(String name, String spec, String group) {
        String json = "{\"SPEC\":\"" + spec + "\",\"group\":[\"" + group + "\"]}";
        jobs.put(name, new CatalogueReader.StoredJob("job_" + name, json));
        return this;
    }

    CatalogueLab group(String name, String... members) {
        unreadable.remove(name);
        groups.put(name, addresses(members));
        listed.add(name);
        return this;
    }

    /** Host names beside the addresses of a group. */
    CatalogueLab hostNames(String group, String... members) {
        hostNames.put(group, Stream.of(members).map(HostName::parse).collect(Collectors.toSet()));
        return this;
    }

    /** Its key holds something else than a set. */
    CatalogueLab spoil(String group) {
        groups.remove(group);
        unreadable.put(group, new Problem("group_" + group, "it is not a set", "DEL group_" + group));
        return this;
    }

    /** Its key is gone, but the list of groups names it still. */
    CatalogueLab dropKey(String group) {
        groups.remove(group);
        return this;
    }

    CatalogueLab wipe() {
        jobs.clear();
        groups.clear();
        listed.clear();
        witness = Witness.MISSING;
        return this;
    }

    CatalogueLab server(ServerFacts facts) {
        server = facts;
        return this;
    }

    CatalogueLab witness(Witness seen) {
        witness = seen;
        return this;
    }

    /** From now on no reading works. */
    void unreachable() {
        doThrow(new RedisUnreachableException("Redis at 192.0.2.9:6379 is unreachable; start it", null))
                .when(source)
                .readJobs(anySet());
    }

    void reachable() {
        doAnswer(call -> jobs()).when(source).readJobs(anySet());
    }

    private CatalogueSigns signs() {
        return new CatalogueSigns(server, witness, Set.of());
    }

    private CatalogueReader.Jobs jobs() {
        Map<String, Set<String>> lists = Map.of("job-list", Set.copyOf(jobs.keySet()), "agent-jobs_gz", Set.of());
        return new CatalogueReader.Jobs(lists, jobs, Map.of(), List.of(), signs());
    }

    private CatalogueReader.Groups groups(Set<String> names) {
        Map<String, AddressSet> byName = new HashMap<>(groups);
        byName.keySet().retainAll(names);
        Map<String, Set<HostName>> ownNames = new HashMap<>(hostNames);
        ownNames.keySet().retainAll(names);
        Map<String, Problem> bad = new HashMap<>(unreadable);
        bad.keySet().retainAll(names);
        List<Problem> problems = new ArrayList<>(bad.values());
        for (String name : names) {
            if (!byName.containsKey(name) && !bad.containsKey(name)) {
                problems.add(new Problem("group_" + name, "unknown group", "SADD"));
            }
        }
        return new CatalogueReader.Groups(byName, ownNames, byName.keySet(), bad, listed, problems, signs());
    }
}
