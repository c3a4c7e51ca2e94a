package io.pingagent.redis.catalogue;

import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import io.pingagent.model.ZabbixHost;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisError;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisUnreachableException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * Reads which Zabbix hosts take the values of a group's addresses: the hashes {@code group-hosts_$GROUP}. Each call
 * opens a connection of its own and closes it; one thread at a time.
 */
public final class GroupHostsReader {

    private static final int FIELDS_AT_ONCE = 5_000;
    private static final int GROUPS_AT_ONCE = 100;
    private static final int MAX_PROBLEMS_PER_GROUP = 5;

    private final RedisConnector connector;

    public GroupHostsReader(RedisConnector connector) {
        this.connector = connector;
    }

    /**
     * @param byGroup the hosts by address, of groups that have any; one whose hash cannot be read is missing
     * @param unreadable groups whose hash cannot be read
     * @param problems in the order of the groups
     */
    public record GroupHosts(
            Map<String, Map<IpAddress, List<ZabbixHost>>> byGroup,
            Collection<String> unreadable,
            List<Problem> problems) {
        public GroupHosts {
            byGroup = Map.copyOf(byGroup);
            unreadable = List.copyOf(unreadable);
            problems = List.copyOf(problems);
        }
    }

    /**
     * Reads the hosts of some groups. Most groups have none, which costs one command among many.
     *
     * @throws RedisUnreachableException if Redis cannot be asked
     */
    public GroupHosts read(Collection<String> groups) {
        Map<String, Map<IpAddress, List<ZabbixHost>>> byGroup = new HashMap<>();
        List<String> unreadable = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        List<String> sorted = List.copyOf(new TreeSet<>(groups));
        if (sorted.isEmpty()) {
            return new GroupHosts(byGroup, unreadable, problems);
        }
        try (Jedis jedis = connector.open("catalogue")) {
            for (int from = 0; from < sorted.size(); from += GROUPS_AT_ONCE) {
                List<String> some = sorted.subList(from, Math.min(sorted.size(), from + GROUPS_AT_ONCE));
                List<Response<ScanResult<Map.Entry<String, String>>>> firstPages = firstPages(jedis, some);
                for (int i = 0; i < some.size(); i++) {
                    String group = some.get(i);
                    try {
                        Map<IpAddress, List<ZabbixHost>> hosts = hosts(jedis, group, firstPages.get(i), problems);
                        if (!hosts.isEmpty()) {
                            byGroup.put(group, hosts);
                        }
                    } catch (JedisDataException e) {
                        if (RedisError.of(e).isDenied()) {
                            return new GroupHosts(Map.of(), sorted, List.of(notPermitted(group)));
                        }
                        problems.add(CatalogueReader.unreadable(RedisKeys.groupHosts(group), e, "a hash"));
                        unreadable.add(group);
                    }
                }
            }
        } catch (JedisException e) {
            throw connector.away(e);
        }
        return new GroupHosts(byGroup, unreadable, problems);
    }

    private static Problem notPermitted(String group) {
        return new Problem(
                RedisKeys.groupHosts(group),
                "Redis does not permit the agent to read it, so values do not go to hosts that 'ping-agent zabbix import'"
                        + " found",
                "allow reading group-hosts_* and HSCAN with ACL SETUSER, as security.md shows");
    }

    private static List<Response<ScanResult<Map.Entry<String, String>>>> firstPages(Jedis jedis, List<String> groups) {
        List<Response<ScanResult<Map.Entry<String, String>>>> pages = new ArrayList<>(groups.size());
        Pipeline pipeline = jedis.pipelined();
        for (String group : groups) {
            pages.add(pipeline.hscan(RedisKeys.groupHosts(group), ScanParams.SCAN_POINTER_START, page()));
        }
        pipeline.sync();
        return pages;
    }

    private static ScanParams page() {
        return new ScanParams().count(FIELDS_AT_ONCE);
    }

    private static Map<IpAddress, List<ZabbixHost>> hosts(
            Jedis jedis,
            String group,
            Response<ScanResult<Map.Entry<String, String>>> firstPage,
            List<Problem> problems) {
        String key = RedisKeys.groupHosts(group);
        Map<IpAddress, List<ZabbixHost>> hosts = new HashMap<>();
        int bad = 0;
        ScanResult<Map.Entry<String, String>> some = firstPage.get();
        while (true) {
            for (Map.Entry<String, String> field : some.getResult()) {
                try {
                    hosts.put(Addresses.parse(field.getKey()), ZabbixHost.parse(field.getValue()));
                } catch (IllegalArgumentException e) {
                    if (++bad <= MAX_PROBLEMS_PER_GROUP) {
                        problems.add(new Problem(
                                key,
                                "field '" + field.getKey() + "': " + e.getMessage(),
                                "run 'ping-agent zabbix import' for this group again"));
                    }
                }
            }
            if (some.isCompleteIteration()) {
                break;
            }
            some = jedis.hscan(key, some.getCursor(), page());
        }
        if (bad > MAX_PROBLEMS_PER_GROUP) {
            problems.add(new Problem(
                    key,
                    (bad - MAX_PROBLEMS_PER_GROUP) + " more bad fields, " + bad + " in all",
                    "run 'ping-agent zabbix import' for this group again"));
        }
        return hosts;
    }
}
