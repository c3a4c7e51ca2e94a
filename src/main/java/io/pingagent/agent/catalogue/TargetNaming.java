package io.pingagent.agent.catalogue;

import io.pingagent.model.IpAddress;
import io.pingagent.model.TargetLabels;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToIntFunction;

/** Labels and parents by target id, of those targets only that have any. Immutable. */
final class TargetNaming {

    static final TargetNaming NONE = new TargetNaming(Map.of(), Map.of());

    private final Map<Integer, TargetLabels> labels;
    private final Map<Integer, Integer> parents;

    private TargetNaming(Map<Integer, TargetLabels> labels, Map<Integer, Integer> parents) {
        this.labels = labels;
        this.parents = parents;
    }

    /** @param idOf negative if an address is no target */
    static TargetNaming of(LabelBook book, ToIntFunction<IpAddress> idOf) {
        if (book.byAddress().isEmpty()) {
            return NONE;
        }
        Map<Integer, TargetLabels> labels = new HashMap<>();
        book.byAddress().forEach((address, own) -> {
            int targetId = idOf.applyAsInt(address);
            if (targetId >= 0) {
                labels.put(targetId, own);
            }
        });
        Map<Integer, Integer> parents = new HashMap<>();
        book.parents().forEach((address, parent) -> {
            int targetId = idOf.applyAsInt(address);
            int parentId = idOf.applyAsInt(parent);
            if (targetId >= 0 && parentId >= 0) {
                parents.put(targetId, parentId);
            }
        });
        return new TargetNaming(labels, parents);
    }

    TargetLabels labels(int targetId) {
        return labels.isEmpty() ? TargetLabels.NONE : labels.getOrDefault(targetId, TargetLabels.NONE);
    }

    /** Negative without one. */
    int parent(int targetId) {
        return parents.isEmpty() ? -1 : parents.getOrDefault(targetId, -1);
    }
}
