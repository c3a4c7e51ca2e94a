package io.pingagent.cli.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.cli.Cli;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlotCommandTest {

    private final Cli cli = new Cli();

    private void assertFailure(int status, String part, String... arguments) {
        Cli.Result result = cli.run(arguments);
        assertEquals(status, result.status(), result.err());
        assertTrue(result.err().contains(part), result.err());
        assertEquals("", result.out());
    }

    @Test
    void whereNoAgentRunsItSaysWhichSocketIsMissing(@TempDir Path directory) {
        Path socket = directory.resolve("gza.sock");
        cli.environment.put("PING_AGENT_AGENT_SOCKET", socket.toString());
        assertFailure(69, "there is no control socket " + socket, "plot", "192.0.2.1");
        assertFailure(69, "agent 'no-such-agent' does not run here", "plot", "192.0.2.1", "--agent", "no-such-agent");
    }

    @Test
    void withoutASocketNobodyCanBeAsked() {
        cli.environment.put("PING_AGENT_AGENT_SOCKET", "none");
        assertFailure(78, "agent.socket is none", "plot", "192.0.2.1");
    }

    @Test
    void aMissingDirectoryIsNamedBeforeTheAgentIsAsked(@TempDir Path directory) {
        Path missing = directory.resolve("missing");
        assertFailure(
                64,
                "--output: there is no directory " + missing + "; make it",
                "plot",
                "192.0.2.1",
                "--output",
                missing.resolve("x.svg").toString());
    }

    @Test
    void wrongUsageIsNamed() {
        assertFailure(64, "plot takes an IPv4 or IPv6 address, not 'router'; 'ping-agent status", "plot", "router");
        assertFailure(64, "not the network '192.0.2.0/24'", "plot", "192.0.2.0/24");
        assertFailure(64, "--last needs a unit: write 10s, 10m or 10h", "plot", "192.0.2.1", "--last", "10");
        assertFailure(64, "--last takes a duration", "plot", "192.0.2.1", "--last", "ten");
        assertFailure(64, "--last takes 1s to 12h", "plot", "192.0.2.1", "--last", "13h");
    }
}
