package io.pingagent.agent.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.config.AgentConfig;
import io.pingagent.config.HistoryConfig;
import io.pingagent.control.ControlClient;
import io.pingagent.control.ControlRequest;
import io.pingagent.model.Problem;
import io.pingagent.testkit.Directories;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ControlSocketOpenerTest {

    private static final ControlRequest REQUEST = new ControlRequest("ping.get", List.of(), 30_000);

    private Path directory;
    private List<Problem> problems = List.of();

    @BeforeEach
    void makeDirectory() throws Exception {
        directory = Files.createTempDirectory("pa2");
    }

    @AfterEach
    void remove() {
        Directories.delete(directory);
    }

    private ControlSocketOpener desk(String socket) {
        return new ControlSocketOpener(
                new AgentConfig("gza", socket, new HistoryConfig(Duration.ZERO, 64 << 20)),
                request -> "answer",
                found -> problems = List.copyOf(found));
    }

    @Test
    void aPlaceThatDoesNotWorkIsAProblemUntilItDoes() throws Exception {
        Path socket = directory.resolve("later/gza.sock");
        try (ControlSocketOpener desk = desk(socket.toString())) {
            desk.open();
            desk.open();
            assertEquals(1, problems.size());
            assertEquals("agent.socket", problems.get(0).where());
            assertTrue(problems.get(0).what().contains("later does not exist"), problems.toString());
            Files.createDirectory(directory.resolve("later"));
            desk.open();
            assertEquals(List.of(), problems);
            assertEquals("answer", ControlClient.ask(socket, REQUEST).toString());
            desk.open();
            assertEquals("answer", ControlClient.ask(socket, REQUEST).toString());
        }
        assertFalse(Files.exists(socket));
    }

    /** As for an agent that a person starts without the package. */
    @Test
    void aPlaceThatNobodyChoseAndNobodyMayWriteIsNoProblem() {
        // Not even root makes a file there.
        Path unusable = Path.of("/proc");
        AgentConfig unchosen = new AgentConfig("gza", null, new HistoryConfig(Duration.ZERO, 64 << 20));
        try (ControlSocketOpener desk = new ControlSocketOpener(
                unchosen, unusable, request -> "answer", found -> problems = List.copyOf(found))) {
            desk.open();
            assertEquals(List.of(), problems);
        }
        try (ControlSocketOpener desk = desk("/proc/gza.sock")) {
            desk.open();
            assertTrue(problems.get(0).remedy().contains("write in /proc"), problems.toString());
        }
    }

    @Test
    void aSocketThatWasRemovedIsMadeAgain() throws Exception {
        Path socket = directory.resolve("gza.sock");
        try (ControlSocketOpener desk = desk(socket.toString())) {
            desk.open();
            Files.delete(socket);
            desk.open();
            assertEquals("answer", ControlClient.ask(socket, REQUEST).toString());
            Object before =
                    Files.readAttributes(socket, BasicFileAttributes.class).fileKey();
            desk.open();
            assertEquals(
                    before,
                    Files.readAttributes(socket, BasicFileAttributes.class).fileKey());
            // One that is somebody else's is left to them.
            Files.delete(socket);
            Files.writeString(socket, "precious");
            desk.open();
            assertTrue(problems.get(0).what().contains("is no socket"), problems.toString());
        }
        assertEquals("precious", Files.readString(socket));
    }

    @Test
    void onceClosedItStaysClosed() {
        Path socket = directory.resolve("gza.sock");
        ControlSocketOpener desk = desk(socket.toString());
        desk.close();
        desk.open();
        assertFalse(Files.exists(socket));
    }

    @Test
    void noneIsNoSocketAndNoProblem() {
        try (ControlSocketOpener desk = desk(AgentConfig.NO_SOCKET)) {
            desk.open();
        }
        assertEquals(List.of(), problems);
    }
}
