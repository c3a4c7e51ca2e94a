package io.pingagent.cli.doctor;

import io.pingagent.app.doctor.Check;
import io.pingagent.app.doctor.Check.Outcome;
import io.pingagent.cli.shell.CommandConfig;
import io.pingagent.cli.shell.Millis;
import io.pingagent.cli.shell.Numbers;
import io.pingagent.cli.view.GroupLookup;
import io.pingagent.cli.view.ListedJobs;
import io.pingagent.cli.view.ShownJob;
import io.pingagent.cli.view.StatsView;
import io.pingagent.config.Config;
import io.pingagent.model.Problem;
import io.pingagent.redis.RedisUnreachableException;
import io.pingagent.redis.admin.AdminAgent;
import io.pingagent.redis.admin.AdminJob;
import io.pingagent.redis.admin.AdminRefusedException;
import io.pingagent.redis.admin.AdminServer;
import io.pingagent.redis.admin.RedisAdmin;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The checks of {@code doctor} that look at Redis and at what is in it. */
final class RedisChecks {

    private static final long MOST_CLOCK_DIFFERENCE_MILLIS = 1_000;
    private static final int MOST_PROBLEMS = 20;

    private final Config config;
    private volatile boolean agentReportsItsSockets;

    RedisChecks(Config config) {
        this.config = config;
    }

    /** Whether the running agent has reported what the kernel has granted it. Known after {@link #run}. */
    boolean agentReportsItsSockets() {
        return agentReportsItsSockets;
    }

    void run(CheckSink sink) {
        try (RedisAdmin redis = CommandConfig.redis(config)) {
            AdminServer server = redis.inspect();
            sink.add(Check.ok(
                    "redis",
                    "version " + server.version() + " at " + redis.server() + ", answers in "
                            + Millis.format(server.roundTripMicros() * 1_000) + " ms"));
            redis.serverProblems()
                    .forEach(problem -> sink.add(
                            Check.fail(Outcome.SERVICE_UNREACHABLE, "redis", problem.what(), problem.remedy())));
            sink.add(memory(server));
            sink.add(notifications(server));
            sink.add(clock(server));
            String name = config.agent().name();
            sink.begin("agent", "look at the server of redis.url");
            AdminAgent agent = redis.agents().get(name);
            StatsView stats = StatsView.of(redis.agents().stats(name));
            AgentChecks agentChecks = new AgentChecks(agent, stats, sink);
            agentChecks.run();
            agentReportsItsSockets = agent.online() && stats.hasProcess();
            sink.begin("jobs", "look at the server of redis.url");
            jobs(redis, name, agentChecks.reported(), sink);
        } catch (RedisUnreachableException e) {
            sink.add(split(Outcome.SERVICE_UNREACHABLE, String.valueOf(e.getMessage())));
        } catch (AdminRefusedException e) {
            sink.add(split(
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

    private static Check memory(AdminServer server) {
        String policy = server.evictionPolicy();
        if (server.maxMemoryBytes() > 0 && !policy.isEmpty() && !policy.equals("noeviction")) {
            return Check.warn(
                    "redis memory",
                    "maxmemory-policy is " + policy + ", so Redis may throw away state, jobs and groups",
                    "set maxmemory-policy noeviction");
        } else if (server.maxMemoryBytes() > 0 && server.usedMemoryBytes() > server.maxMemoryBytes() / 10 * 9) {
            return Check.warn(
                    "redis memory",
                    mebibytes(server.usedMemoryBytes()) + " of " + mebibytes(server.maxMemoryBytes()) + " in use",
                    "raise maxmemory; when it is full, no state is written");
        } else {
            return Check.ok("redis memory", mebibytes(server.usedMemoryBytes()) + " in use");
        }
    }

    private static Check notifications(AdminServer server) {
        String flags = server.notifyFlags();
        String line = "put 'notify-keyspace-events " + AdminServer.NEEDED_NOTIFY_FLAGS + "' into redis.conf";
        if (flags == null) {
            return Check.warn(
                    "notifications",
                    "Redis does not permit CONFIG, so they cannot be looked at",
                    line + " if it is not there");
        } else if (!server.missingNotifyFlags().isEmpty()) {
            return Check.warn(
                    "notifications",
                    "notify-keyspace-events is '" + flags + "' and lacks '" + server.missingNotifyFlags() + "'",
                    "start the agent, it adds what it needs; or " + line);
        } else {
            return Check.ok("notifications", "notify-keyspace-events is '" + flags + "'");
        }
    }

    private static Check clock(AdminServer server) {
        long ahead = server.clockAheadMillis();
        if (Math.abs(ahead) > MOST_CLOCK_DIFFERENCE_MILLIS) {
            return Check.warn(
                    "clock",
                    "Redis is " + Math.abs(ahead) + " ms " + (ahead > 0 ? "ahead of" : "behind") + " this machine",
                    "run a time service such as chrony on both machines");
        } else {
            return Check.ok("clock", "within " + Math.abs(ahead) + " ms of the one of Redis");
        }
    }

    /** @param reported what the running agent has reported already */
    private static void jobs(RedisAdmin redis, String agent, Set<Problem> reported, CheckSink sink) {
        List<AdminJob> jobs = ListedJobs.read(redis, agent);
        if (jobs.isEmpty()) {
            sink.add(Check.warn(
                    "jobs",
                    "there are none for agent '" + agent + "'",
                    "add one with 'ping-agent job add NAME --spec CRON --group GROUP'"));
            return;
        }
        List<Problem> problems = new ArrayList<>();
        Set<String> groups = new LinkedHashSet<>();
        for (AdminJob job : jobs) {
            problems.addAll(ListedJobs.problems(job));
            groups.addAll(ShownJob.of(job.json()).groups());
        }
        long addresses = 0;
        GroupLookup lookup = new GroupLookup(redis);
        for (String group : groups) {
            addresses += redis.groups().countAddresses(group);
            problems.addAll(lookup.problems(group));
        }
        if (problems.isEmpty()) {
            sink.add(Check.ok(
                    "jobs",
                    Numbers.count(jobs.size(), "job", "jobs") + " with "
                            + Numbers.count(groups.size(), "group", "groups") + " of "
                            + Numbers.count(addresses, "address", "addresses")));
        }
        problems.stream()
                .filter(problem -> !reported.contains(problem))
                .limit(MOST_PROBLEMS)
                .forEach(problem -> sink.add(Check.fail(
                        Outcome.BAD_CONFIGURATION, "jobs", problem.where() + ": " + problem.what(), problem.remedy())));
    }

    private static String mebibytes(long bytes) {
        return Numbers.grouped(Math.round(bytes / 1048576.0)) + " MiB";
    }
}
