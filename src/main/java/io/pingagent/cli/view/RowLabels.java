package io.pingagent.cli.view;

import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.model.TargetLabels;
import io.pingagent.redis.admin.RedisAdmin;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Labels of addresses by their texts, as an agent's status has these. Stateless. */
public final class RowLabels {

    private RowLabels() {}

    /**
     * Of those that have any.
     *
     * @param mustRead whether it is a failure that Redis does not permit to read them; otherwise there are none then
     */
    public static Map<String, TargetLabels> of(RedisAdmin redis, List<String> texts, boolean mustRead) {
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
        if (!found.isEmpty()) {
            addressOf.forEach((text, address) -> {
                TargetLabels own = found.get(address);
                if (own != null) {
                    labels.put(text, own);
                }
            });
        }
        return labels;
    }
}
