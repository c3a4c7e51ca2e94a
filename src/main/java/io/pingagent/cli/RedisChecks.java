package io.pingagent.cli;

import io.pingagent.app.Check;
import io.pingagent.app.Check.Outcome;
import io.pingagent.config.Config;
import io.pingagent.model.Problem;
import io.pingagent.redis.AdminAgent;
import io.pingagent.redis.AdminGroup;
import io.pingagent.redis.AdminJob;
import io.pingagent.redis.AdminRefusedException;
import io.pingagent.redis.AdminServer;
import io.pingagent.redis.RedisAdmin;
import io.pingagent.redis.RedisAwayException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The checks of {@code doctor} that look at Redis and at what is in it. */
final class RedisChecks {

    private static final long MOST_CLOCK_DIFFERENCE_MILLIS = 1_000;
    private static final int MOST_PROBLEMS = 20;

    private final Config config;
    private final Consumer<Check> sink;

    RedisChecks(Config config, Consumer<Check> sink) {
        this.config = config;
        this.sink = sink;
    }

    void run() {
        try (RedisAdmin redis = Setup.redis(config)) {
            AdminServer server = redis.inspect();
            sink.accept(Check.ok(
                    "redis",
                    "version " + server.version() + " at " + redis.server() + ", answers in "
                            + FpingTime.format(server.roundTripMicros() * 1_000) + " ms"));
            memory(server);
            notifications(server);
            clock(server);
            String name = config.agent().name();
            AdminAgent agent = redis.agent(name);
            AgentStats stats = AgentStats.of(redis.stats(name));
            agentOnline(agent);
            agentStats(stats);
            jobs(redis, name);
        } catch (RedisAwayException e) {
            String message = String.valueOf(e.getMessage());
            sink.accept(split(Outcome.SERVICE_AWAY, message));
        } catch (AdminRefusedException e) {
            sink.accept(split(
                    e.reason() == AdminRefusedException.Reason.NOT_PERMITTED
                            ? Outcome.NOT_PERMITTED
                            : Outcome.BAD_CONFIGURATION,
                    String.valueOf(e.getMessage())));
        }
    }

    /** These messages name what is wrong and, after the last semicolon, the remedy. */
    private static Check split(Outcome outcome, String message) {
        int semicolon = message.lastIndexOf("; ");
        return semicolon < 0
                ? Check.fail(outcome, "redis", message, "")
                : Check.fail(outcome, "redis", message.substring(0, semicolon), message.substring(semicolon + 2));
    }

    private void memory(AdminServer server) {
        String policy = server.evictionPolicy();
        if (server.maxMemoryBytes() > 0 && !policy.isEmpty() && !policy.equals("noeviction")) {
            sink.accept(Check.warn(
                    "redis memory",
                    "maxmemory-policy is " + policy + ", so Redis may throw away state, jobs and groups",
                    "set maxmemory-policy noeviction"));
        } else if (server.maxMemoryBytes() > 0 && server.usedMemoryBytes() > server.maxMemoryBytes() / 10 * 9) {
            sink.accept(Check.warn(
                    "redis memory",
                    mebibytes(server.usedMemoryBytes()) + " of " + mebibytes(server.maxMemoryBytes()) + " in use",
                    "raise maxmemory; when it is full, no state is written"));
        } else {
            sink.accept(Check.ok("redis memory", mebibytes(server.usedMemoryBytes()) + " in use"));
        }
    }

    private void notifications(AdminServer server) {
        String flags = server.notifyFlags();
        String line = "put 'notify-keyspace-events " + AdminServer.NEEDED_NOTIFY_FLAGS + "' into redis.conf";
        if (flags == null) {
            sink.accept(Check.warn(
                    "notifications",
                    "Redis does not permit CONFIG, so they cannot be looked at",
                    line + " if it is not there"));
        } else if (!server.missingNotifyFlags().isEmpty()) {
            sink.accept(Check.warn(
                    "notifications",
                    "notify-keyspace-events is '" + flags + "' and lacks '" + server.missingNotifyFlags() + "'",
                    "start the agent, it adds what it needs; or " + line));
        } else {
            sink.accept(Check.ok("notifications", "notify-keyspace-events is '" + flags + "'"));
        }
    }

    private void clock(AdminServer server) {
        long ahead = server.clockAheadMillis();
        if (Math.abs(ahead) > MOST_CLOCK_DIFFERENCE_MILLIS) {
            sink.accept(Check.warn(
                    "clock",
                    "Redis is " + Math.abs(ahead) + " ms " + (ahead > 0 ? "ahead of" : "behind") + " this machine",
                    "run a time service such as chrony on both machines"));
        } else {
            sink.accept(Check.ok("clock", "within " + Math.abs(ahead) + " ms of the one of Redis"));
        }
    }

    private void agentOnline(AdminAgent agent) {
        if (agent.online()) {
            sink.accept(Check.ok(
                    "agent",
                    "'" + agent.name() + "' is online, " + Numbers.count(agent.errListed(), "address", "addresses")
                            + " on the err list"));
        } else {
            sink.accept(Check.warn(
                    "agent",
                    "'" + agent.name() + "' is not online"
                            + (agent.listed() ? "" : " and has never registered in this Redis"),
                    "start it with 'ping-agent run', or correct agent.name or redis.url"));
        }
    }

    private void agentStats(AgentStats stats) {
        if (stats.isEmpty()) {
            return;
        }
        new LimitChecks(stats, sink).run();
        stats.problems().stream()
                .limit(MOST_PROBLEMS)
                .forEach(problem -> sink.accept(
                        Check.warn("agent's report", problem.where() + ": " + problem.what(), problem.remedy())));
    }

    private void jobs(RedisAdmin redis, @Nullable String agent) {
        List<AdminJob> jobs = JobCommand.allJobs(redis, agent);
        if (jobs.isEmpty()) {
            sink.accept(Check.warn(
                    "jobs",
                    "there are none for agent '" + agent + "'",
                    "add one with 'ping-agent job add NAME --spec CRON --group GROUP'"));
            return;
        }
        List<Problem> problems = new ArrayList<>();
        Set<String> groups = new LinkedHashSet<>();
        for (AdminJob job : jobs) {
            problems.addAll(JobCommand.problems(job));
            groups.addAll(JobText.of(job.json()).groups());
        }
        Set<String> told = new HashSet<>();
        long addresses = 0;
        for (String group : groups) {
            AdminGroup found = redis.group(group);
            addresses += redis.addressesOf(group);
            if (found.members() == 0 && told.add(group)) {
                problems.add(new Problem(
                        "group_" + group,
                        found.listed() ? "the group is empty" : "a job names this group, and it does not exist",
                        "add addresses with 'ping-agent group add " + group + " ADDRESS...'"));
            }
        }
        if (problems.isEmpty()) {
            sink.accept(Check.ok(
                    "jobs",
                    Numbers.count(jobs.size(), "job", "jobs") + " with "
                            + Numbers.count(groups.size(), "group", "groups") + " of "
                            + Numbers.count(addresses, "address", "addresses")));
        }
        problems.stream()
                .limit(MOST_PROBLEMS)
                .forEach(problem -> sink.accept(Check.fail(
                        Outcome.BAD_CONFIGURATION, "jobs", problem.where() + ": " + problem.what(), problem.remedy())));
    }

    private static String mebibytes(long bytes) {
        return Numbers.grouped(Math.round(bytes / 1048576.0)) + " MiB";
    }
}
