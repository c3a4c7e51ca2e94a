package io.pingagent.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.testkit.Directories;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SocketPathsTest {

    private final List<ServerSocketChannel> listeners = new ArrayList<>();

    /** A short path: that of a socket has at most 107 bytes. */
    private Path directory;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createTempDirectory("pa2");
    }

    @AfterEach
    void close() throws IOException {
        for (ServerSocketChannel listener : listeners) {
            listener.close();
        }
        Directories.delete(directory);
    }

    private Path listening(String name) throws IOException {
        Path path = directory.resolve(name);
        listeners.add(ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path)));
        return path;
    }

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
        Path gza = listening("gza.sock");
        Files.createFile(directory.resolve(".4711.new"));
        assertEquals(gza, SocketPaths.find(directory, ""));
        // It reads the other from Redis.
        assertEquals(gza, SocketPaths.find(directory, "gzb"));
        Path gzb = listening("gzb.sock");
        assertEquals(gzb, SocketPaths.find(directory, "gzb"));
        assertTrue(refusal("").contains("2 agents run here; name one"), refusal(""));
        assertTrue(refusal("gzc").contains("none of them 'gzc'"), refusal("gzc"));
        assertEquals(gza, SocketPaths.any(directory));
    }

    /** As after kill -9, when the agent comes back under another name. */
    @Test
    void aSocketAtWhichNobodyListensIsNoAgentBesideOthers() throws Exception {
        Path dead = listening("a-dead.sock");
        listeners.remove(0).close();
        assertTrue(Files.exists(dead), "closing leaves the file");
        // The only one is asked, so that the error says what is wrong with it.
        assertEquals(dead, SocketPaths.find(directory, ""));
        Path gza = listening("gza.sock");
        assertEquals(gza, SocketPaths.find(directory, ""));
        assertEquals(gza, SocketPaths.find(directory, "gzb"));
        assertEquals(gza, SocketPaths.any(directory));
        listening("gzb.sock");
        assertTrue(refusal("").contains("2 agents run here; name one"), refusal(""));
        for (ServerSocketChannel listener : listeners) {
            listener.close();
        }
        assertEquals(dead, SocketPaths.find(directory, ""));
        assertEquals(dead, SocketPaths.any(directory));
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
