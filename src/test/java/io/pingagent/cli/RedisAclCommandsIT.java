package io.pingagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pingagent.testkit.DocumentedAcl;
import io.pingagent.testkit.RedisServer;
import io.pingagent.testkit.UsedCommands;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;

/** What the documentation adds to the agent's ACL for commands typed as the same user: it suffices and nothing is too much. */
class RedisAclCommandsIT {

    static List<Path> servers() {
        return RedisServer.programs();
    }

    @ParameterizedTest
    @MethodSource("servers")
    void theRuleForCommandsSufficesAndIsTheSmallest(Path server) throws Exception {
        List<String> rule = new ArrayList<>(DocumentedAcl.ofTheAgent());
        List<String> more = DocumentedAcl.forCommandsToo();
        rule.addAll(more);
        try (RedisServer redis = RedisServer.startedBy(server);
                Jedis admin = new Jedis(redis.url())) {
            DocumentedAcl.require(admin);
            fill(admin);
            admin.aclSetUser(DocumentedAcl.USER, rule.toArray(String[]::new));
            admin.aclLogReset();
            try (UsedCommands used = new UsedCommands(redis.url(), admin)) {
                Cli cli = new Cli().redis(redis.port());
                cli.environment.put("PING_AGENT_REDIS_USER", DocumentedAcl.USER);
                cli.environment.put("PING_AGENT_REDIS_PASSWORD", DocumentedAcl.PASSWORD);
                for (String command : List.of(
                        "status",
                        "status --all --agent gza",
                        "status --label site=ams",
                        "top --frames 2",
                        "doctor",
                        "agent list",
                        "agent show gza",
                        "job list",
                        "job show core",
                        "group list",
                        "group show g",
                        "err-list list",
                        "err-list add 192.0.2.1",
                        "err-list remove 192.0.2.1")) {
                    Cli.Result result = cli.run(command.split(" ", -1));
                    assertEquals(List.of(), admin.aclLog(), command + ": " + result.out() + result.err());
                    assertEquals(0, result.status(), command + ": " + result.out() + result.err());
                }
                // What is left for the agent alone is the other test's.
                List<String> unneeded = used.unneeded(rule, DocumentedAcl.NOT_RIGHTS);
                unneeded.retainAll(more);
                assertEquals(List.of(), unneeded, () -> "not needed for any of " + used.examples());
            }
        }
    }

    private static void fill(Jedis redis) {
        redis.sadd("job-list", "core");
        redis.set("job_core", "{\"SPEC\":\"*/10 * * * * *\",\"name\":\"core\",\"group\":[\"g\"]}");
        redis.sadd("group-list", "g");
        redis.sadd("group_g", "192.0.2.1", "192.0.2.2");
        redis.hset("target_192.0.2.1", "site", "ams");
        redis.sadd("agent-list", "gza");
        redis.set("agent-online_gza", "online");
        redis.sadd("agent-err-list_gza", "192.0.2.2");
        redis.set("agent-ip-last-ms_gza_192.0.2.1", "11");
        redis.set("agent-stats_gza", "{\"version\":\"1\",\"targets\":2}");
        redis.set(
                "agent-all-ip-status_gza",
                "{\"192.0.2.1\":{\"SendCount\":6,\"ReturnCount\":6,\"ip\":\"192.0.2.1\",\"InErrList\":false},"
                        + "\"192.0.2.2\":{\"SendCount\":6,\"ReturnCount\":0,\"ip\":\"192.0.2.2\",\"InErrList\":true}}");
    }
}
