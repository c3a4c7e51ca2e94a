package io.pingagent.agent;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.e2e.Catalogue;
import io.pingagent.testkit.RedisServer;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.TestLogs;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What names cost an agent that has none, in a process of its own that lists the classes it loads. */
@Tag("root")
class NoNamesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void anAgentLoadsTheLibraryOfNamesWithTheFirstName() throws Exception {
        Requires.rawSockets();
        Requires.redisServer();
        Path classes = directory.resolve("classes");
        try (RedisServer redis = RedisServer.started()) {
            Catalogue catalogue = new Catalogue(redis.url());
            catalogue.group("g", "127.9.0.1").job("j", "@every 1s", "g");
            Process agent = agent(redis, classes);
            try {
                await().atMost(PATIENCE).until(() -> catalogue.exists("agent-ip-last-ms_n_127.9.0.1"));
                assertEquals(List.of(), loaded(classes, "org.xbill."));
                assertTrue(
                        !loaded(classes, "io.pingagent.agent.catalogue.HostNames")
                                .isEmpty(),
                        "no list of classes");
                assertEquals(List.of(), loaded(classes, "io.pingagent.dns.DnsLookup"));
                catalogue.ask(jedis -> jedis.sadd("group_g", "host4:localhost"));
                await().atMost(PATIENCE).until(() -> catalogue.exists("agent-ip-last-ms_n_127.0.0.1"));
                assertTrue(!loaded(classes, "org.xbill.").isEmpty());
            } finally {
                agent.destroyForcibly().waitFor();
            }
        }
    }

    private static Process agent(RedisServer redis, Path classes) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xlog:class+load:file=" + classes,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.pingagent.cli.Main",
                        "run",
                        "--config",
                        "/dev/null")
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(TestLogs.newLog("no-names").toFile());
        builder.environment().put("PING_AGENT_AGENT_NAME", "n");
        builder.environment().put("PING_AGENT_AGENT_SOCKET", "none");
        builder.environment().put("PING_AGENT_REDIS_URL", redis.url().toString());
        return builder.start();
    }

    private static List<String> loaded(Path classes, String prefix) throws IOException {
        return Files.readAllLines(classes).stream()
                .filter(line -> line.contains("] " + prefix))
                .toList();
    }
}
