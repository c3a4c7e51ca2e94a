package io.pingagent.cli.view;

import io.pingagent.model.Addresses;
import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import io.pingagent.model.TargetLabels;
import io.pingagent.redis.admin.AdminRefusedException;
import io.pingagent.redis.admin.RedisAdmin;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Reads labels of addresses by their texts, as an agent's status has these. */
public final class RowLabels {

    private final RedisAdmin redis;
    private final boolean mustRead;
    private final Map<IpAddress, HostName> hostNames;

    private RowLabels(RedisAdmin redis, boolean mustRead, Map<IpAddress, HostName> hostNames) {
        this.redis = redis;
        this.mustRead = mustRead;
        this.hostNames = hostNames;
    }

    /** As users wrote them; none where Redis does not permit to read them. */
    public static RowLabels written(RedisAdmin redis) {
        return new RowLabels(redis, false, Map.of());
    }

    /**
     * The same with the host names by which addresses came to an agent, where users wrote no name.
     *
     * @param mustRead whether it is a failure that Redis does not permit to read them; otherwise there are none then
     */
    public static RowLabels of(RedisAdmin redis, String agent, boolean mustRead) {
        return new RowLabels(redis, mustRead, hostNames(redis, agent, mustRead));
    }

    private static Map<IpAddress, HostName> hostNames(RedisAdmin redis, String agent, boolean mustRead) {
        try {
            return redis.agents().hostNames(agent);
        } catch (AdminRefusedException e) {
            if (mustRead && e.reason() == AdminRefusedException.Reason.NOT_PERMITTED) {
                throw e;
            }
            // The agent reports a key of another type.
            return Map.of();
        }
    }

    /** Of those that have any. */
    public Map<String, TargetLabels> read(List<String> texts) {
        Map<String, IpAddress> addressOf = new HashMap<>();
        for (String text : texts) {
            try {
                addressOf.put(text, Addresses.parse(text));
            } catch (IllegalArgumentException e) {
                // A network has no labels, and no agent writes what is neither.
            }
        }
        List<IpAddress> addresses = List.copyOf(new TreeSet<>(addressOf.values()));
        Map<IpAddress, TargetLabels> found =
                mustRead ? redis.labels().of(addresses) : redis.labels().ofOrNone(addresses);
        Map<String, TargetLabels> labels = new HashMap<>();
        if (!found.isEmpty() || !hostNames.isEmpty()) {
            addressOf.forEach((text, address) -> {
                TargetLabels own = found.getOrDefault(address, TargetLabels.NONE);
                HostName host = hostNames.get(address);
                TargetLabels called = host == null ? own : own.calledBy(host);
                if (!called.isEmpty()) {
                    labels.put(text, called);
                }
            });
        }
        return labels;
    }
}
