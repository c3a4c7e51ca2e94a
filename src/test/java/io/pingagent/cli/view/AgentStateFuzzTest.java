package io.pingagent.cli.view;

import static io.pingagent.testkit.FuzzChecks.check;

import com.google.gson.stream.JsonWriter;
import io.pingagent.cli.shell.Json;
import io.pingagent.redis.admin.AdminRefusedException;
import io.pingagent.redis.admin.StatusReader;
import io.pingagent.testkit.FuzzChecks;
import io.pingagent.testkit.FuzzSeeds;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever stands in an agent's keys, commands show it or say that it is not what an agent writes. */
class AgentStateFuzzTest {

    private static final Instant NOW = Instant.parse("2026-11-22T06:00:00Z");

    @ParameterizedTest
    @MethodSource("seeds")
    void anyTextIsShownOrRefused(byte[] input) throws IOException {
        fuzzerTestOneInput(input);
    }

    static Stream<Named<byte[]>> seeds() {
        return FuzzSeeds.of(AgentStateFuzzTest.class);
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        readStatus(input);
        String text = new String(input, StandardCharsets.UTF_8);
        readStats(text);
        StringWriter embedded = new StringWriter();
        Json.embed(new JsonWriter(embedded), text);
        check(Json.parse(embedded.toString()) != null, "not JSON: " + embedded);
    }

    private static void readStatus(byte[] input) {
        try {
            StatusReader.read(
                    new ByteArrayInputStream(input), "agent-all-ip-status_a", (ip, sent, received, listed) -> {
                        check(ip != null, "no address");
                    });
        } catch (AdminRefusedException e) {
            FuzzChecks.message(e.getMessage());
            check(e.getMessage().contains("agent-all-ip-status_a"), e.getMessage());
        }
    }

    private static void readStats(String text) {
        StatsView stats = StatsView.of(text);
        stats.isEmpty();
        check(stats.version() != null, "no version");
        stats.ageSeconds(NOW);
        for (String name : new String[] {"targets", "errList", "sent", "received", "kernelDrops"}) {
            stats.count(name);
            stats.lately(name);
            stats.redisCount(name);
        }
        stats.redisCount("written");
        // What cannot be written as JSON cannot be shown to scripts.
        check(Double.isFinite(stats.probesPerSecond()), "probes a second");
        check(Double.isFinite(stats.latenessMillis("p99")), "lateness");
        check(stats.notifications() != null, "notifications");
        stats.refused();
        stats.problems().forEach(problem -> check(problem.line().length() > 1, "empty problem"));
    }
}
