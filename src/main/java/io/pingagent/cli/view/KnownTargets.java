package io.pingagent.cli.view;

import io.pingagent.cli.shell.CommandConfig;
import io.pingagent.cli.shell.Context;
import io.pingagent.model.AddressSet;
import io.pingagent.model.Addresses;
import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import io.pingagent.model.TargetLabels;
import io.pingagent.redis.admin.AdminGroup;
import io.pingagent.redis.admin.RedisAdmin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** What the names and labels in Redis say of addresses, for commands that need no agent. */
public final class KnownTargets {

    private static final int READ_AT_ONCE = 1_000;

    private KnownTargets() {}

    /**
     * The names of those addresses that have one.
     *
     * @throws io.pingagent.redis.RedisUnreachableException if Redis cannot be asked
     */
    public static Map<IpAddress, String> names(Context context, List<IpAddress> addresses) {
        Map<IpAddress, String> names = new LinkedHashMap<>();
        try (RedisAdmin redis = CommandConfig.redis(CommandConfig.load(context))) {
            read(redis, addresses, (address, labels) -> {
                if (!labels.name().isEmpty()) {
                    names.put(address, labels.name());
                }
            });
        }
        return names;
    }

    /**
     * The addresses of all groups that match, in their order. Members that are host names are left out: only agents know
     * their addresses.
     *
     * @throws io.pingagent.redis.RedisUnreachableException if Redis cannot be asked
     */
    public static List<IpAddress> matching(Context context, TargetFilter filter) {
        List<IpAddress> found = new ArrayList<>();
        try (RedisAdmin redis = CommandConfig.redis(CommandConfig.load(context))) {
            read(redis, members(redis), (address, labels) -> {
                if (filter.matches(address.toString(), labels)) {
                    found.add(address);
                }
            });
        }
        return found;
    }

    private static List<IpAddress> members(RedisAdmin redis) {
        AddressSet.Builder members = new AddressSet.Builder();
        for (AdminGroup group : redis.groups().all()) {
            redis.groups().eachMember(group.name(), member -> {
                try {
                    if (!HostName.isMember(member)) {
                        Addresses.expand(member, members::add);
                    }
                } catch (IllegalArgumentException e) {
                    // The agent reports it among its problems.
                }
            });
        }
        AddressSet set = members.build();
        List<IpAddress> addresses = new ArrayList<>(set.size());
        for (int i = 0; i < set.size(); i++) {
            addresses.add(set.get(i));
        }
        return addresses;
    }

    private static void read(RedisAdmin redis, List<IpAddress> addresses, BiConsumer<IpAddress, TargetLabels> sink) {
        for (int from = 0; from < addresses.size(); from += READ_AT_ONCE) {
            List<IpAddress> some = addresses.subList(from, Math.min(addresses.size(), from + READ_AT_ONCE));
            Map<IpAddress, TargetLabels> labels = redis.labels().of(some);
            some.forEach(address -> sink.accept(address, labels.getOrDefault(address, TargetLabels.NONE)));
        }
    }
}
