package io.pingagent.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.testkit.NetworkNamespace;
import io.pingagent.testkit.Opened;
import io.pingagent.testkit.RedisServer;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.TunResponder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two processes of the packaged agent with one name. */
@Tag("root")
class OneNameIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Opened open = new Opened();
    private InstalledFiles distribution;
    private Catalogue catalogue;
    private List<String> environment;

    @BeforeAll
    static void requires() {
        Requires.tun();
        Requires.redisServer();
    }

    @BeforeEach
    void start() throws Exception {
        NetworkNamespace namespace = open.add(NetworkNamespace.create("name"));
        distribution = new InstalledFiles(namespace);
        open.add(TunResponder.start(namespace));
        RedisServer redis = open.add(RedisServer.startedIn(namespace));
        catalogue = new Catalogue(redis.url());
        catalogue.group("g", "10.9.1.1").job("j", "*/2 * * * * *", "g");
        environment = List.of("PING_AGENT_AGENT_NAME=one", "PING_AGENT_REDIS_URL=" + redis.url());
    }

    @AfterEach
    void stop() throws Exception {
        open.close();
    }

    private AgentProcess agent() throws Exception {
        return open.add(new AgentProcess(distribution, environment));
    }

    @Test
    void secondEndsWith69AndOneThatWasKilledBlocksNobody() throws Exception {
        AgentProcess first = agent();
        await().atMost(PATIENCE).until(() -> catalogue.status("one").size() == 1);
        AgentProcess second = agent();
        assertEquals(69, second.awaitEnd(60), second.log());
        String line = second.log()
                .lines()
                .filter(each -> each.startsWith("ping-agent: "))
                .reduce("", String::concat);
        assertTrue(line.contains("process " + first.pid() + " on host "), line);
        assertTrue(line.matches(".* since \\d{4}-\\d\\d-\\d\\dT\\S+Z; .*"), line);
        assertTrue(catalogue.exists("agent-online_one"), "the second took the key of the first");
        assertTrue(first.isAlive());

        first.signal("KILL");
        first.awaitEnd(60);
        assertTrue(catalogue.exists("agent-owner_one"));
        AgentProcess third = agent();
        await().atMost(PATIENCE).until(() -> third.log().contains("connected to Redis"));
        third.signal("TERM");
        assertEquals(0, third.awaitEnd(60), third.log());
        assertTrue(!catalogue.exists("agent-owner_one") && !catalogue.exists("agent-online_one"));
    }
}
