package io.pingagent.agent.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.agent.catalogue.ProblemBoard;
import io.pingagent.model.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProblemsJsonTest {

    private final ProblemsJson json = new ProblemsJson();

    @Test
    void problemsWithLongNamesLeaveRoomForAllElseInTheValue() {
        String longName = "\u7db2".repeat(600);
        for (int i = 0; i < 50; i++) {
            json.add("catalogue", new Problem("group_" + longName, i + longName, longName));
        }
        json.add("zabbix", new Problem("zabbix.servers", "Connection refused", "see 'ping-agent doctor'"));
        int bytes = json.array().toString().getBytes(StandardCharsets.UTF_8).length;
        assertTrue(bytes > 20_000 && bytes < 25_000, bytes + " bytes");
        // What is short has its place even behind those.
        assertTrue(json.array().toString().contains("zabbix.servers"));
    }

    @Test
    void aThousandProblemsAreFifty() {
        for (int i = 0; i < 1_000; i++) {
            json.add("catalogue", new Problem("group_g" + i, "unknown group", "SADD it"));
        }
        assertEquals(50, json.array().size());
    }

    @Test
    void problemOfTheBoardSaysSinceWhenAndHowOften() {
        json.add(new ProblemBoard.Present(
                ProblemBoard.Source.STATE, new Problem("key", "what", "remedy"), Instant.EPOCH, 3));
        assertEquals(
                "[{\"source\":\"state\",\"where\":\"key\",\"what\":\"what\",\"remedy\":\"remedy\","
                        + "\"since\":\"1970-01-01T00:00:00Z\",\"times\":3}]",
                json.array().toString());
    }
}
