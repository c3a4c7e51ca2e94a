package io.pingagent.agent;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.cli.Cli;
import io.pingagent.e2e.Catalogue;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.testkit.Behaviour;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code plot} of what a real agent keeps of a lossy network and of loopback. */
@Tag("root")
class HistoryIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String LOSSY = "10.9.20.1";
    private static final String LOOPBACK = "127.0.0.1";
    private static final Pattern COUNTS = Pattern.compile("Loss: [0-9.<%]+, ([0-9]+) of ([0-9]+) probes?");

    private AgentLab lab;

    @TempDir
    private Path directory;

    @BeforeEach
    void start() {
        lab = new AgentLab("history");
        lab.responder().behave(LOSSY, Behaviour.delayed(Duration.ofMillis(20)).losing(0.4));
        lab.catalogue().group("all", List.of(LOSSY, LOOPBACK)).job("all", "* * * * * *", "all");
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    private Cli cli(String agent) {
        Cli cli = new Cli();
        cli.environment.put("PING_AGENT_AGENT_NAME", agent);
        cli.environment.put("PING_AGENT_AGENT_SOCKET", socket(agent));
        return cli;
    }

    private String socket(String agent) {
        return directory.resolve(agent + ".sock").toString();
    }

    private static int[] lostAndSettled(String svg) {
        Matcher counts = COUNTS.matcher(svg);
        assertTrue(counts.find(), svg);
        return new int[] {Integer.parseInt(counts.group(1)), Integer.parseInt(counts.group(2))};
    }

    @Test
    void aPlotHasEveryProbeOfALossyAddressAndOfLoopback() throws Exception {
        IpAddress lossy = Addresses.parse(LOSSY);
        lab.start("h", "agent.socket", socket("h"), "history.last", "10m");
        await().atMost(PATIENCE).until(() -> lab.responder().requestTimes(lossy).length >= 20);
        Path file = directory.resolve("plot.svg");
        int before = lab.responder().requestTimes(lossy).length;
        Cli.Result result = cli("h").run("plot", LOSSY, "--last", "5m", "--output", file.toString());
        int after = lab.responder().requestTimes(lossy).length;
        assertEquals("", result.err());
        assertEquals(0, result.status());
        String svg = Files.readString(file);
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
        int[] counts = lostAndSettled(svg);
        // A second is the timeout: two may be on their way.
        assertTrue(
                counts[1] >= before - 2 && counts[1] <= after,
                counts[1] + " settled, requests " + before + " to " + after);
        assertTrue(counts[0] > 0 && counts[0] < counts[1], counts[0] + " lost");
        assertTrue(svg.contains("of " + LOSSY + ", agent h"), svg);

        Cli.Result loopback = cli("h").run("plot", LOOPBACK);
        assertEquals(0, loopback.status(), loopback.err());
        assertEquals(0, lostAndSettled(loopback.out())[0]);
        assertTrue(lostAndSettled(loopback.out())[1] >= 15, loopback.out());

        Cli.Result unknown = cli("h").run("plot", "10.9.20.2");
        assertEquals(64, unknown.status());
        assertTrue(unknown.err().contains("agent 'h' does not probe 10.9.20.2"), unknown.err());
    }

    @Test
    void anAddressThatIsRemovedIsForgotten() throws Exception {
        lab.start("h", "agent.socket", socket("h"), "history.last", "10m", "redis.reload-interval", "1s");
        await().atMost(PATIENCE).until(() -> cli("h").run("plot", LOOPBACK).status() == 0);
        lab.catalogue().ask(redis -> redis.srem("group_all", LOOPBACK));
        await().atMost(PATIENCE).until(() -> cli("h").run("plot", LOOPBACK).status() == 64);
    }

    @Test
    void anAgentThatKeepsNothingNamesTheKey() throws Exception {
        lab.start("h", "agent.socket", socket("h"));
        await().atMost(PATIENCE).until(() -> Files.exists(Path.of(socket("h"))));
        Cli.Result off = cli("h").run("plot", LOSSY);
        assertEquals(78, off.status());
        assertTrue(off.err().contains("set history.last to 10m or more"), off.err());
    }

    /** 1 MiB is room for 3,200 addresses. */
    @Test
    void anAgentWithoutMemoryForAllSaysSo() throws Exception {
        lab.catalogue().group("many", Catalogue.range("10.9.32.1", 4_000)).job("many", "*/2 * * * * *", "many");
        Agent agent = lab.start("h", "agent.socket", socket("h"), "history.last", "10m", "history.memory", "1MiB");
        await().atMost(PATIENCE)
                .until(() -> agent.problems().present().stream()
                        .anyMatch(present -> present.problem().where().equals("history.memory")));
        await().atMost(PATIENCE).until(() -> {
            for (String address : Catalogue.range("10.9.32.1", 4_000)) {
                Cli.Result result = cli("h").run("plot", address);
                if (result.status() == 78 && result.err().contains("history.memory is used up")) {
                    return true;
                }
            }
            return false;
        });
    }
}
