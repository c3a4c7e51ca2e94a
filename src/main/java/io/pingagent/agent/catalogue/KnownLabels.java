package io.pingagent.agent.catalogue;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import io.pingagent.model.AddressSet;
import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import io.pingagent.model.TargetLabels;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisUnreachableException;
import io.pingagent.redis.catalogue.LabelReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Names, parents and labels of the addresses, read for the groups that were read and for new addresses of host names. What cannot be read, or what Redis may
 * have lost, stays as it was. An address without any takes no memory.
 */
@OwnedBy("caller")
public final class KnownLabels implements CatalogueFollower {

    private static final Logger LOG = LogManager.getLogger(KnownLabels.class);

    private final LabelSource source;
    private final Predicate<IpAddress> isTarget;

    private final Map<String, List<Problem>> problemsByGroup = new TreeMap<>();
    private @Nullable Problem denied;
    /** Addresses of host names whose labels were read. */
    private Set<IpAddress> named = Set.of();
    /** Redis could not be asked since the last reading of the catalogue, which may take long to find out. */
    private boolean isAway;
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
        isAway = isAway && !catalogue.isRead();
        boolean isAll = asked.size() == catalogue.groups().size();
        Map<String, AddressSet> wanted = new HashMap<>(asked);
        wanted.putAll(newAddresses(catalogue, asked));
        Map<IpAddress, TargetLabels> now = byAddress;
        LabelReader.Labels read = wanted.isEmpty() ? null : read(wanted, catalogue.isRead());
        if (read != null) {
            denied = read.denied();
            problemsByGroup.keySet().retainAll(catalogue.groups().keySet());
            if (denied == null) {
                now = merged(now, read, wanted, isAll, catalogue.isDoubtful());
                problemsByGroup.keySet().removeAll(asked.keySet());
                replaceProblems(wanted, read.problems());
            }
        }
        if (!isAway) {
            named = catalogue.hostNames().keySet();
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

    /** Null if Redis cannot be asked while only addresses of host names have changed: these are to be applied in any case. */
    private LabelReader.@Nullable Labels read(Map<String, AddressSet> wanted, boolean mustRead) {
        try {
            return source.read(wanted);
        } catch (RedisUnreachableException e) {
            if (mustRead) {
                throw e;
            }
            LOG.debug("labels of new addresses of host names were not read: {}", e.getMessage());
            isAway = true;
            return null;
        }
    }

    /** Addresses that host names have had only since the last call, under one of their groups. None while Redis is unreachable. */
    private Map<String, AddressSet> newAddresses(CatalogueSnapshot catalogue, Map<String, AddressSet> asked) {
        if (isAway || catalogue.hostNames().isEmpty()) {
            return Map.of();
        }
        Set<IpAddress> added = new TreeSet<>(catalogue.hostNames().keySet());
        added.removeAll(named);
        asked.values().forEach(addresses -> added.removeIf(addresses::contains));
        Map<String, AddressSet> byGroup = new HashMap<>();
        for (Map.Entry<String, AddressSet> group : catalogue.groups().entrySet()) {
            if (added.isEmpty()) {
                break;
            }
            AddressSet.Builder own = new AddressSet.Builder();
            boolean isAny = added.removeIf(address -> {
                boolean isOwn = group.getValue().contains(address);
                if (isOwn) {
                    own.add(address);
                }
                return isOwn;
            });
            if (isAny) {
                byGroup.put(group.getKey(), own.build());
            }
        }
        return byGroup;
    }

    /** An address of several groups has its line under any one of them, so those of addresses that were read are removed everywhere. */
    private void replaceProblems(Map<String, AddressSet> read, Map<String, List<Problem>> found) {
        for (List<Problem> problems : problemsByGroup.values()) {
            problems.removeIf(problem -> {
                IpAddress address = RedisKeys.addressOfTarget(problem.where());
                return address != null && read.values().stream().anyMatch(group -> group.contains(address));
            });
        }
        found.forEach((group, problems) -> {
            List<Problem> own = problemsByGroup.computeIfAbsent(group, name -> new ArrayList<>());
            // Until the next reading of the whole group, which counts them again.
            problems.stream()
                    .limit(Math.max(0, LabelReader.MOST_PROBLEMS_PER_GROUP - own.size()))
                    .forEach(own::add);
        });
        problemsByGroup.values().removeIf(List::isEmpty);
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
