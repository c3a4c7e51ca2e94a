package io.pingagent.agent.catalogue;

import io.pingagent.model.IpAddress;
import io.pingagent.model.TargetLabels;
import java.util.Map;

/**
 * What users call the addresses, as last read. Immutable.
 *
 * @param byAddress only of those that have a name, a parent or labels
 * @param parents by address: the one behind which it stands. Following it never comes to a circle
 */
public record LabelBook(Map<IpAddress, TargetLabels> byAddress, Map<IpAddress, IpAddress> parents) {

    public static final LabelBook EMPTY = new LabelBook(Map.of(), Map.of());

    /** Never null. */
    public TargetLabels of(IpAddress address) {
        return byAddress.isEmpty() ? TargetLabels.NONE : byAddress.getOrDefault(address, TargetLabels.NONE);
    }
}
