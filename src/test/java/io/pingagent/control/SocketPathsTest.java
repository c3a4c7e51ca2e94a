package io.pingagent.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketPathsTest {

    @TempDir
    private Path directory;

    private String refusal(String agent) {
        return assertThrows(ControlException.class, () -> SocketPaths.find(directory, agent))
                .getMessage();
    }

    @Test
    void anAgentsNameIsAlwaysAFileOfTheDirectory() {
        for (String name : new String[] {"gza", "..", ".", "../x", "a/b", "ä", "%2E", ".hidden", "a b"}) {
            Path path = SocketPaths.of(directory, name);
            assertEquals(directory, path.normalize().getParent(), name);
            assertTrue(!path.getFileName().toString().startsWith("."), name);
        }
        assertEquals("gza.sock", SocketPaths.of(directory, "gza").getFileName().toString());
    }

    @Test
    void theAgentsOwnSocketElseTheOnlyOne() throws IOException, ControlException {
        assertTrue(refusal("").contains("no ping-agent runs here"), "none");
        Path gza = Files.createFile(directory.resolve("gza.sock"));
        Files.createFile(directory.resolve(".4711.new"));
        assertEquals(gza, SocketPaths.find(directory, ""));
        // It reads the other from Redis.
        assertEquals(gza, SocketPaths.find(directory, "gzb"));
        Path gzb = Files.createFile(directory.resolve("gzb.sock"));
        assertEquals(gzb, SocketPaths.find(directory, "gzb"));
        assertTrue(refusal("").contains("2 agents run here; name one"), refusal(""));
        assertTrue(refusal("gzc").contains("none of them 'gzc'"), refusal("gzc"));
        assertEquals(gza, SocketPaths.any(directory));
    }

    @Test
    void aMissingDirectoryIsLikeNoAgent() {
        assertTrue(
                assertThrows(ControlException.class, () -> SocketPaths.any(directory.resolve("x")))
                        .getMessage()
                        .contains("no ping-agent runs here"),
                "missing");
    }
}
