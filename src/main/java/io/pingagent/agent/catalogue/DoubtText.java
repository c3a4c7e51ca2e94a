package io.pingagent.agent.catalogue;

import io.pingagent.base.OneLine;
import io.pingagent.model.Problem;
import io.pingagent.redis.RedisKeys;
import java.util.Collection;
import java.util.stream.Collectors;

/** What users read about a part of the catalogue that vanished and is kept. Stateless. */
final class DoubtText {

    private static final int MOST_NAMES = 5;
    private static final int MAX_NAMES_SHOWN = 200;

    private DoubtText() {}

    /**
     * @param list the key of the list
     * @param names the jobs that are kept
     * @param option what {@code job remove} needs for this list, with a space before; may be empty
     */
    static Problem ofJobs(CatalogueTrust.Doubt doubt, String list, Collection<String> names, String option) {
        String kept = count(names.size(), "job") + " (" + some(names) + ")";
        if (doubt == CatalogueTrust.Doubt.LIST_DELETED) {
            return new Problem(
                    list,
                    "it vanished, but the definitions of " + kept + " still stand, so they are still probed",
                    "SADD their names again; what is to end, end with 'ping-agent job remove NAME" + option + "'");
        }
        return new Problem(
                list,
                cause(doubt) + " and lacks " + kept + "; they are still probed",
                remedy(doubt) + "; if they are to end, 'ping-agent job remove --all" + option + "'");
    }

    static Problem ofGroup(CatalogueTrust.Doubt doubt, String group, int members) {
        return new Problem(
                RedisKeys.group(group),
                cause(doubt) + " and lacks the group or most of it; its " + count(members, "known address")
                        + " are still probed",
                remedy(doubt) + "; if they are to end, 'ping-agent group remove " + group + "'");
    }

    private static String cause(CatalogueTrust.Doubt doubt) {
        return switch (doubt) {
            case SYNCHRONISING -> "Redis is still loading or synchronising its data";
            case REPLICA -> "Redis is a replica of another server";
            case OTHER_RUN -> "Redis was restarted or is another server";
            case OTHER_HISTORY -> "Redis has taken over the data of another server";
            case WIPED -> "Redis has lost all keys at once (FLUSHALL?)";
            case EVICTED -> "Redis has evicted keys for want of memory";
            case LIST_DELETED -> "Redis has lost the list";
        };
    }

    private static String remedy(CatalogueTrust.Doubt doubt) {
        return switch (doubt) {
            case SYNCHRONISING -> "wait, or restore jobs and groups";
            case REPLICA -> "let redis.url name the master, or restore jobs and groups";
            case EVICTED -> "raise its maxmemory or set maxmemory-policy noeviction, and restore jobs and groups";
            default -> "restore jobs and groups";
        };
    }

    private static String count(int count, String what) {
        return count + " " + what + (count == 1 ? "" : what.endsWith("s") ? "es" : "s");
    }

    private static String some(Collection<String> names) {
        String some = names.stream().sorted().limit(MOST_NAMES).collect(Collectors.joining(", "));
        return OneLine.of(names.size() > MOST_NAMES ? some + ", ..." : some, MAX_NAMES_SHOWN);
    }
}
