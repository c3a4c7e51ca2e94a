package io.pingagent.agent.catalogue;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import io.pingagent.model.TargetLabels;
import io.pingagent.redis.RedisKeys;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which parents count: those of a circle do not. One judgement. */
@OwnedBy("caller")
final class ParentRules {

    private static final int MOST_PROBLEMS = 5;
    private static final int MOST_SHOWN_OF_CIRCLE = 8;

    final Map<IpAddress, IpAddress> parents = new HashMap<>();
    final List<Problem> problems = new ArrayList<>();

    /** @param isTarget whether an address is probed */
    ParentRules(Map<IpAddress, TargetLabels> labels, Predicate<IpAddress> isTarget) {
        labels.forEach((address, own) -> {
            IpAddress parent = own.parent();
            if (parent != null) {
                parents.put(address, parent);
            }
        });
        if (!parents.isEmpty()) {
            refuseCircles();
            reportUnknown(isTarget);
        }
    }

    private void refuseCircles() {
        Set<IpAddress> done = new HashSet<>();
        List<List<IpAddress>> circles = new ArrayList<>();
        for (IpAddress start : parents.keySet()) {
            LinkedHashSet<IpAddress> way = new LinkedHashSet<>();
            IpAddress at = start;
            while (at != null && !done.contains(at) && way.add(at)) {
                at = parents.get(at);
            }
            if (at != null && way.contains(at)) {
                circles.add(circle(List.copyOf(way), at));
            }
            done.addAll(way);
        }
        circles.sort(Comparator.comparing(circle -> circle.get(0)));
        for (int i = 0; i < circles.size(); i++) {
            circles.get(i).forEach(parents::remove);
            if (i < MOST_PROBLEMS) {
                problems.add(ofCircle(circles.get(i)));
            }
        }
        if (circles.size() > MOST_PROBLEMS) {
            problems.add(new Problem(
                    "target_*",
                    (circles.size() - MOST_PROBLEMS) + " more circles of parents, " + circles.size() + " in all",
                    "correct the field parent of one address in each"));
        }
    }

    /** From its least address on, so that it reads the same whoever was looked at first. */
    private static List<IpAddress> circle(List<IpAddress> way, IpAddress closing) {
        List<IpAddress> members = way.subList(way.indexOf(closing), way.size());
        int least = 0;
        for (int i = 1; i < members.size(); i++) {
            least = members.get(i).compareTo(members.get(least)) < 0 ? i : least;
        }
        List<IpAddress> turned = new ArrayList<>(members.subList(least, members.size()));
        turned.addAll(members.subList(0, least));
        return turned;
    }

    private static Problem ofCircle(List<IpAddress> circle) {
        String shown = circle.stream()
                .limit(MOST_SHOWN_OF_CIRCLE)
                .map(IpAddress::toString)
                .collect(Collectors.joining(" behind "));
        String key = RedisKeys.target(circle.get(0));
        return new Problem(
                key,
                "parents in a circle: " + shown
                        + (circle.size() > MOST_SHOWN_OF_CIRCLE
                                ? " behind " + (circle.size() - MOST_SHOWN_OF_CIRCLE) + " more"
                                : "")
                        + " behind " + circle.get(0) + "; none of these has a parent until that is corrected",
                "correct the field parent of one of them, or HDEL " + key + " parent");
    }

    /** A parent that nobody probes is never down: a mistake in its address would go unnoticed. */
    private void reportUnknown(Predicate<IpAddress> isTarget) {
        Map<IpAddress, Boolean> known = new HashMap<>();
        Map<IpAddress, List<IpAddress>> children = new TreeMap<>();
        parents.forEach((child, parent) -> {
            if (!known.computeIfAbsent(parent, isTarget::test)) {
                children.computeIfAbsent(parent, address -> new ArrayList<>()).add(child);
            }
        });
        int count = 0;
        for (Map.Entry<IpAddress, List<IpAddress>> entry : children.entrySet()) {
            if (++count > MOST_PROBLEMS) {
                break;
            }
            IpAddress child = least(entry.getValue());
            int others = entry.getValue().size() - 1;
            problems.add(new Problem(
                    RedisKeys.target(child),
                    "no job probes its parent " + entry.getKey()
                            + (others == 0 ? "" : ", which is that of " + others + " more")
                            + "; so it counts as having none",
                    "add " + entry.getKey() + " to a group that a job names, or correct the field parent"));
        }
        if (children.size() > MOST_PROBLEMS) {
            problems.add(new Problem(
                    "target_*",
                    (children.size() - MOST_PROBLEMS) + " more parents that no job probes, " + children.size()
                            + " in all",
                    "add them to a group that a job names, or correct the fields parent"));
        }
    }

    private static IpAddress least(List<IpAddress> addresses) {
        @Nullable IpAddress least = null;
        for (IpAddress address : addresses) {
            least = least == null || address.compareTo(least) < 0 ? address : least;
        }
        return least == null ? addresses.get(0) : least;
    }
}
