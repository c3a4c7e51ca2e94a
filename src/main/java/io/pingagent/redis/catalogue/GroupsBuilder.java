package io.pingagent.redis.catalogue;

import io.pingagent.base.OwnedBy;
import io.pingagent.base.Utf8;
import io.pingagent.model.AddressSet;
import io.pingagent.model.Addresses;
import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import io.pingagent.model.NeverAnswers;
import io.pingagent.model.Problem;
import io.pingagent.redis.Ipv4Text;
import io.pingagent.redis.RedisKeys;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.resps.ScanResult;

/** The groups while {@link CatalogueReader} reads them. One reading. */
@OwnedBy("caller")
final class GroupsBuilder {

    private static final int MAX_PROBLEMS_PER_GROUP = 20;

    private final Set<String> listed;
    private final List<Problem> problems;
    final Map<String, AddressSet> byName = new HashMap<>();
    final Map<String, Set<HostName>> hostNames = new HashMap<>();
    final Set<String> present = new HashSet<>();
    final Map<String, Problem> unreadable = new HashMap<>();

    GroupsBuilder(Set<String> listed, List<Problem> problems) {
        this.listed = listed;
        this.problems = problems;
    }

    void read(Jedis jedis, String name, Response<ScanResult<byte[]>> firstPage, AddressSet known) {
        String key = RedisKeys.group(name);
        GroupBuilder group = new GroupBuilder(key, known, problems);
        try {
            ScanResult<byte[]> some = firstPage.get();
            some.getResult().forEach(group::add);
            while (!some.isCompleteIteration()) {
                some = jedis.sscan(CatalogueReader.keyOf(name), some.getCursorAsBytes(), CatalogueReader.page());
                some.getResult().forEach(group::add);
            }
        } catch (JedisDataException e) {
            Problem problem = CatalogueReader.unreadable(key, e, "a set");
            problems.add(problem);
            unreadable.put(name, problem);
            return;
        }
        group.finish();
        boolean isListed = listed.contains(name);
        if (!group.isEmpty()) {
            present.add(name);
        } else if (isListed) {
            problems.add(new Problem(key, "the group has no members", "SADD " + key + " ADDRESS..."));
        } else {
            problems.add(new Problem(
                    key,
                    "unknown group: no such key, and " + RedisKeys.GROUP_LIST + " has no '" + name + "'",
                    "SADD " + key + " ADDRESS..., or take it out of the job"));
            return;
        }
        byName.put(name, group.build());
        if (!group.names.isEmpty()) {
            hostNames.put(name, Set.copyOf(group.names));
        }
    }

    /** One group while it is read. */
    private static final class GroupBuilder {

        private final String key;
        private final List<Problem> problems;
        private final AddressSet known;
        private final AddressSet.Builder addresses;
        private Set<HostName> names = Set.of();
        private long members;
        private long bad;
        private long doubtful;

        GroupBuilder(String key, AddressSet known, List<Problem> problems) {
            this.key = key;
            this.known = known;
            this.addresses = new AddressSet.Builder(known.size());
            this.problems = problems;
        }

        void add(byte[] member) {
            members++;
            long v4 = Ipv4Text.parse(member);
            if (v4 >= 0 && !NeverAnswers.isV4((int) v4)) {
                addresses.add(IpAddress.v4((int) v4));
                return;
            }
            String text = Utf8.text(member);
            try {
                if (HostName.isMember(text)) {
                    add(HostName.parse(text));
                    return;
                }
                Addresses.expand(text, addresses::add);
            } catch (IllegalArgumentException e) {
                if (++bad <= MAX_PROBLEMS_PER_GROUP) {
                    problems.add(new Problem(
                            key, String.valueOf(e.getMessage()), "SREM this member of " + key + ", or correct it"));
                }
                return;
            }
            String meanings = Addresses.doubleMeaning(text);
            if (!meanings.isEmpty() && ++doubtful <= MAX_PROBLEMS_PER_GROUP) {
                problems.add(new Problem(
                        key,
                        "'" + text + "' means " + meanings + "; it is read as the network",
                        "write the one that is meant"));
            }
        }

        private void add(HostName name) {
            if (names.isEmpty()) {
                names = new HashSet<>();
            }
            names.add(name);
        }

        void finish() {
            if (bad > MAX_PROBLEMS_PER_GROUP) {
                problems.add(new Problem(
                        key,
                        (bad - MAX_PROBLEMS_PER_GROUP) + " more bad members, " + bad + " in all",
                        "correct them or SREM them"));
            }
            if (doubtful > MAX_PROBLEMS_PER_GROUP) {
                problems.add(new Problem(
                        key,
                        (doubtful - MAX_PROBLEMS_PER_GROUP) + " more networks with host bits set, " + doubtful
                                + " in all; they are read as networks",
                        "write the networks or the hosts that are meant"));
            }
        }

        boolean isEmpty() {
            return members == 0;
        }

        AddressSet build() {
            return addresses.buildOrReuse(known);
        }
    }
}
