package io.pingagent.redis.admin;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.AddressSet;
import io.pingagent.model.Addresses;
import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import io.pingagent.model.NeverAnswers;
import io.pingagent.redis.Ipv4Text;
import io.pingagent.redis.RedisKeys;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Groups, their members and their Zabbix hosts. Every method throws as those of {@link RedisAdmin} do. */
@OwnedBy("caller")
public final class GroupAdmin {

    private final AdminSession session;

    GroupAdmin(AdminSession session) {
        this.session = session;
    }

    /** The groups of {@code group-list} and {@code groups-list}, by name. */
    public List<AdminGroup> all() {
        Set<String> names = session.members(RedisKeys.GROUP_LIST);
        names.addAll(session.members(RedisKeys.GROUPS_LIST));
        List<AdminGroup> groups = new ArrayList<>(names.size());
        for (String name : names) {
            String key = RedisKeys.group(name);
            groups.add(new AdminGroup(name, true, session.call(key, redis -> redis.scard(key))));
        }
        return groups;
    }

    /** One group, listed or not. */
    public AdminGroup get(String name) {
        String key = RedisKeys.group(name);
        boolean listed = session.call(
                RedisKeys.GROUP_LIST,
                redis -> redis.sismember(RedisKeys.GROUP_LIST, name) || redis.sismember(RedisKeys.GROUPS_LIST, name));
        return new AdminGroup(name, listed, session.call(key, redis -> redis.scard(key)));
    }

    /** Hands over the members as they were written, in no order, a few perhaps twice while the group changes. */
    public void eachMember(String group, Consumer<String> sink) {
        session.eachMember(RedisKeys.group(group), sink);
    }

    /**
     * How many different addresses a group's members stand for. A host name counts as one, and what is no member as
     * nothing.
     */
    public long countAddresses(String group) {
        AddressSet.Builder addresses = new AddressSet.Builder();
        Set<String> names = new HashSet<>();
        eachMember(group, member -> {
            long v4 = Ipv4Text.parse(member, 0);
            if (v4 >= 0 && !NeverAnswers.isV4((int) v4)) {
                addresses.add(IpAddress.v4((int) v4));
                return;
            }
            try {
                if (HostName.isMember(member)) {
                    names.add(HostName.parse(member).toString());
                    return;
                }
                Addresses.expand(member, addresses::add);
            } catch (IllegalArgumentException e) {
                // The agent reports it among its problems.
            }
        });
        return (long) addresses.build().size() + names.size();
    }

    /** Names a group in {@code group-list}; it may be empty. */
    public void enlist(String group) {
        session.call(RedisKeys.GROUP_LIST, redis -> redis.sadd(RedisKeys.GROUP_LIST, group));
        session.call(RedisKeys.REMOVED, redis -> redis.srem(RedisKeys.REMOVED, RedisKeys.group(group)));
    }

    /** @return how many were new */
    public long addMembers(String group, Collection<String> members) {
        String key = RedisKeys.group(group);
        return members.isEmpty() ? 0 : session.call(key, redis -> redis.sadd(key, members.toArray(String[]::new)));
    }

    /** @return how many were there */
    public long removeMembers(String group, Collection<String> members) {
        String key = RedisKeys.group(group);
        return members.isEmpty() ? 0 : session.call(key, redis -> redis.srem(key, members.toArray(String[]::new)));
    }

    /**
     * Agents hear that it was meant; so do those that still probe a group which Redis has lost.
     *
     * @return whether there was anything to remove
     */
    public boolean remove(String group) {
        String key = RedisKeys.group(group);
        return AdminSession.countOf(session.transaction(key, transaction -> {
                            transaction.srem(RedisKeys.GROUP_LIST, group);
                            transaction.srem(RedisKeys.GROUPS_LIST, group);
                            transaction.unlink(key);
                            transaction.unlink(RedisKeys.groupHosts(group));
                            AdminSession.markRemoved(transaction, key);
                        })
                        .subList(0, 4))
                > 0;
    }

    /** Which Zabbix hosts take the values of a group's addresses: the hash's fields and texts as they stand. */
    public Map<String, String> hosts(String group) {
        String key = RedisKeys.groupHosts(group);
        Map<String, String> hosts = new TreeMap<>();
        session.eachField(key, hosts::put);
        return hosts;
    }

    /** Writes some fields of the hash and removes others, and nothing else. */
    public void changeHosts(String group, Map<String, String> put, Collection<String> removed) {
        String key = RedisKeys.groupHosts(group);
        if (!removed.isEmpty()) {
            session.call(key, redis -> redis.hdel(key, removed.toArray(String[]::new)));
        }
        if (!put.isEmpty()) {
            session.call(key, redis -> redis.hset(key, put));
        }
    }
}
