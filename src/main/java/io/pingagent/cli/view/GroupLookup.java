package io.pingagent.cli.view;

import io.pingagent.model.Problem;
import io.pingagent.redis.admin.AdminGroup;
import io.pingagent.redis.admin.RedisAdmin;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whether the groups that jobs name are there; asks Redis once for each. Not thread-safe. */
public final class GroupLookup {

    private final RedisAdmin redis;
    private final Map<String, AdminGroup> known = new HashMap<>();

    public GroupLookup(RedisAdmin redis) {
        this.redis = redis;
    }

    /** Whether a job that names it has anything to probe there. */
    public boolean hasMembers(String group) {
        return group(group).members() > 0;
    }

    /** What is wrong with a group that a job names. */
    public List<Problem> problems(String group) {
        AdminGroup found = group(group);
        return found.members() > 0
                ? List.of()
                : List.of(new Problem(
                        "group_" + group,
                        found.listed() ? "the group is empty" : "a job names this group, and it does not exist",
                        "add addresses with 'ping-agent group add " + group + " ADDRESS...'"));
    }

    private AdminGroup group(String name) {
        return known.computeIfAbsent(name, redis.groups()::get);
    }
}
