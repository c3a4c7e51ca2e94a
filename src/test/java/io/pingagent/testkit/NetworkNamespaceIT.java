package io.pingagent.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("root")
class NetworkNamespaceIT {

    @BeforeAll
    static void requires() {
        Requires.networkNamespaces();
    }

    @Test
    void socketsOpenedInsideStayThere() throws IOException {
        try (NetworkNamespace inside = NetworkNamespace.create("test");
                ServerSocket server = inside.call(() -> new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))) {
            // Not reachable from outside, reachable from inside, accepted on any thread.
            assertThrows(IOException.class, () -> connect(server));
            try (Socket client = inside.call(() -> connect(server));
                    Socket accepted = server.accept()) {
                assertTrue(accepted.isConnected() && client.isConnected());
            }
        }
    }

    @Test
    void hasLoopbackAndNothingElse() throws IOException {
        try (NetworkNamespace inside = NetworkNamespace.create("test")) {
            List<String> up =
                    inside.check("ip", "-o", "link", "show", "up").lines().toList();
            assertEquals(1, up.size());
            assertTrue(up.get(0).contains(" lo: "), up.get(0));
        }
    }

    @Test
    void leavesNothingBehind() throws Exception {
        String name;
        Process process;
        try (NetworkNamespace inside = NetworkNamespace.create("test")) {
            name = inside.name();
            process = inside.start("sleep", "600");
            assertTrue(Files.exists(Path.of("/run/netns", name)));
        }
        assertFalse(Files.exists(Path.of("/run/netns", name)));
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    }

    @Test
    void leavesNothingBehindWhenTheJvmIsKilled() throws Exception {
        Process jvm = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Sleeper.class.getName())
                .redirectErrorStream(true)
                .start();
        String name;
        try (var out = jvm.inputReader()) {
            name = out.readLine();
            assertTrue(Files.exists(Path.of("/run/netns", name)), name);
        } finally {
            jvm.destroyForcibly();
        }
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (Files.exists(Path.of("/run/netns", name)) && System.nanoTime() - deadlineNanos < 0) {
            Thread.sleep(20);
        }
        assertFalse(Files.exists(Path.of("/run/netns", name)));
    }

    /** The JVM that is killed. */
    static final class Sleeper {
        public static void main(String[] arguments) throws Exception {
            try (NetworkNamespace inside = NetworkNamespace.create("killed")) {
                System.out.println(inside.name());
                Thread.sleep(600_000);
            }
        }
    }

    @Test
    void connectsTwo() throws IOException {
        try (NetworkNamespace left = NetworkNamespace.create("left");
                NetworkNamespace right = NetworkNamespace.create("right")) {
            left.connect("wire", "10.7.0.1/24", right, "10.7.0.2/24");
            left.connect("wire6", "fd00:7::1/64", right, "fd00:7::2/64");
            try (ServerSocket server = right.call(() -> new ServerSocket(0));
                    Socket v4 = left.call(() -> new Socket("10.7.0.2", server.getLocalPort()));
                    Socket v6 = left.call(() -> new Socket("fd00:7::2", server.getLocalPort()))) {
                assertTrue(v4.isConnected() && v6.isConnected());
            }
        }
    }

    @Test
    void losesTheShareAskedFor() throws IOException {
        Requires.nft();
        Requires.fping();
        try (NetworkNamespace inside = NetworkNamespace.create("loss")) {
            inside.loseEchoReplies(100);
            assertEquals(0, answered(inside, "127.0.0.1", 5));
            assertEquals(0, answered(inside, "::1", 5));
            inside.loseEchoReplies(20);
            // 400 probes, 20 %: 80 lost, standard deviation 8.
            int answered = answered(inside, "127.0.0.1", 400);
            assertTrue(answered > 280 && answered < 360, "answered " + answered);
            inside.loseEchoReplies(0);
            assertEquals(20, answered(inside, "127.0.0.1", 20));
        }
    }

    private static int answered(NetworkNamespace inside, String address, int count) throws IOException {
        return FpingResult.of(
                        inside.exec("fping", "-C", Integer.toString(count), "-p", "5", "-t", "1000", "-q", address))
                .answered();
    }

    private static Socket connect(ServerSocket server) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
    }
}
