package io.pingagent.agent.catalogue;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import io.pingagent.model.AddressSet;
import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import io.pingagent.model.TargetLabels;
import io.pingagent.redis.catalogue.LabelReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Names, parents and labels of the addresses, read for the groups that were read. What cannot be read, or what Redis may
 * have lost, stays as it was. An address without any takes no memory.
 */
@OwnedBy("caller")
public final class KnownLabels implements CatalogueFollower {

    private final LabelSource source;
    private final Predicate<IpAddress> isTarget;

    private final Map<String, List<Problem>> problemsByGroup = new TreeMap<>();
    private @Nullable Problem denied;
    /** As read from Redis. */
    private Map<IpAddress, TargetLabels> byAddress = Map.of();

    private volatile LabelBook book = LabelBook.EMPTY;

    /** @param isTarget whether an address is probed */
    public KnownLabels(LabelSource source, Predicate<IpAddress> isTarget) {
        this.source = source;
        this.isTarget = isTarget;
    }

    /** As last read. */
    @AnyThread
    public LabelBook book() {
        return book;
    }

    @Override
    public List<Problem> follow(CatalogueSnapshot catalogue) {
        Map<String, AddressSet> asked = new HashMap<>(catalogue.groups());
        asked.keySet().retainAll(catalogue.groupsRead());
        Map<IpAddress, TargetLabels> now = byAddress;
        if (!asked.isEmpty()) {
            LabelReader.Labels read = source.read(asked);
            denied = read.denied();
            problemsByGroup.keySet().retainAll(catalogue.groups().keySet());
            if (denied == null) {
                boolean isAll = asked.size() == catalogue.groups().size();
                now = merged(now, read, asked, isAll, catalogue.isDoubtful());
                problemsByGroup.keySet().removeAll(asked.keySet());
                problemsByGroup.putAll(read.problems());
            }
        }
        byAddress = now;
        ParentRules rules = new ParentRules(now, isTarget);
        LabelBook next = new LabelBook(withHostNames(now, catalogue.hostNames()), rules.parents);
        if (!next.equals(book)) {
            book = next;
        }
        List<Problem> problems = new ArrayList<>();
        if (denied != null) {
            problems.add(denied);
        }
        problemsByGroup.values().forEach(problems::addAll);
        problems.addAll(rules.problems);
        return problems;
    }

    /** An address that came by a host name is called by it, unless users call it something else. */
    private static Map<IpAddress, TargetLabels> withHostNames(
            Map<IpAddress, TargetLabels> labels, Map<IpAddress, HostName> hostNames) {
        if (hostNames.isEmpty()) {
            return labels;
        }
        Map<IpAddress, TargetLabels> all = new HashMap<>(labels);
        hostNames.forEach((address, host) -> {
            TargetLabels own = labels.getOrDefault(address, TargetLabels.NONE);
            all.put(address, own.calledBy(host));
        });
        return all;
    }

    private static Map<IpAddress, TargetLabels> merged(
            Map<IpAddress, TargetLabels> before,
            LabelReader.Labels read,
            Map<String, AddressSet> asked,
            boolean isAll,
            boolean mayBeLost) {
        Map<IpAddress, TargetLabels> now = new HashMap<>();
        if (mayBeLost) {
            now.putAll(before);
        } else if (!isAll) {
            now.putAll(before);
            if (!before.isEmpty()) {
                asked.values().forEach(addresses -> addresses.forEach(now::remove));
            }
        }
        read.unreadable().forEach(address -> {
            TargetLabels known = before.get(address);
            if (known != null) {
                now.put(address, known);
            }
        });
        read.found().forEach((address, labels) -> {
            TargetLabels known = before.get(address);
            // The same object again, so that labels that stay are not kept twice.
            now.put(address, labels.equals(known) ? known : labels);
        });
        return now.isEmpty() ? Map.of() : now;
    }
}
