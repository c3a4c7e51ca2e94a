package io.pingagent.agent.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pingagent.agent.catalogue.LabelBook;
import io.pingagent.config.Config;
import io.pingagent.config.ConfigLoader;
import io.pingagent.control.AddressFigures;
import io.pingagent.control.RequestLimiter;
import io.pingagent.e2e.Catalogue;
import io.pingagent.model.AddressStatus;
import io.pingagent.model.Addresses;
import io.pingagent.model.TargetLabels;
import io.pingagent.testkit.SharedRedis;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code ping.discovery} answers with names and labels. */
class DiscoveryRowsIT {

    @RegisterExtension
    private static final SharedRedis SERVER = new SharedRedis();

    private static final String ROW = "[{\"{#IP}\":\"192.0.2.7\",\"{#GROUP}\":\"core\",\"{#JOB}\":\"second\","
            + "\"{#AGENT}\":\"gzb\",\"{#NAME}\":\"core-1\",\"{#LABELS}\":\"role=core, site=ams\","
            + "\"{#LABEL.ROLE}\":\"core\",\"{#LABEL.SITE}\":\"ams\","
            + "\"{#WHO}\":\"core-1 (192.0.2.7)\"}]";

    @Test
    void rowsOfTheAgentItselfHaveTheLabelsThatItKnows() {
        AddressFigures row = new AddressFigures(
                Addresses.parse("192.0.2.7"),
                "core-1",
                "core",
                "second",
                AddressStatus.UP,
                false,
                new AddressFigures.Quality(0.0, null, null));
        LabelBook labels = new LabelBook(
                Map.of(row.address(), new TargetLabels("core-1", null, Map.of("site", "ams", "role", "core"))),
                Map.of());
        assertEquals(ROW, DiscoveryRows.json(List.of(row), labels, "gzb"));
    }

    @Test
    void rowsOfAnotherAgentHaveTheLabelsInRedis() throws Exception {
        new Catalogue(SERVER.url()).group("core", "192.0.2.7").job("second", "* * * * * *", "core");
        SERVER.connection().sadd("agent-list", "gzb");
        SERVER.connection()
                .set(
                        "agent-all-ip-status_gzb",
                        "{\"192.0.2.7\":{\"SendCount\":6,\"ReturnCount\":6,\"ip\":\"192.0.2.7\",\"InErrList\":false}}");
        SERVER.connection().hset("target_192.0.2.7", Map.of("name", "core-1", "site", "ams", "role", "core"));
        Config config = ConfigLoader.load(
                Path.of("/dev/null"),
                Map.of("PING_AGENT_REDIS_URL", SERVER.url().toString()));
        RedisAgent agent = new RedisAgent("gzb", config, config.redis(), new RequestLimiter(1, "busy"));
        assertEquals(ROW, agent.discovery(10));
        List<AddressFigures> rows = agent.addresses(false, 10);
        assertEquals("core-1", rows == null ? "none" : rows.get(0).name());
    }
}
