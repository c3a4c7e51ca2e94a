package io.pingagent.icmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.testkit.Requires;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Opens sockets in a JVM of its own from which {@code setpriv} (util-linux) has taken capabilities. */
@Tag("root")
class MissingRightsIT {

    @BeforeAll
    static void needsRightsToTake() {
        Requires.root();
        Requires.program("setpriv", "util-linux");
    }

    /** The other JVM: opens one socket and prints how that went. */
    static final class Opener {

        private Opener() {}

        public static void main(String[] arguments) {
            IcmpOptions options = new IcmpOptions(
                    56,
                    IcmpOptions.Source.ANY,
                    new IcmpOptions.Marking(0, 0, Integer.parseInt(arguments[1]), false),
                    new IcmpOptions.Buffers(64 << 20, 1, 1));
            try (IcmpSocket socket = arguments[0].equals("v6")
                    ? IcmpSockets.openV6(options, EchoKey.random(), 1)
                    : IcmpSockets.openV4(options, EchoKey.random(), 1)) {
                System.out.println("opened " + socket.receiveBufferBytes());
            } catch (IcmpPermissionException e) {
                System.out.println("permission: " + e.getMessage());
            }
        }
    }

    private static String open(String capabilities, String version, int mark) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        "setpriv",
                        "--bounding-set=" + capabilities,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Opener.class.getName(),
                        version,
                        Integer.toString(mark)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), out);
        return out;
    }

    @Test
    void withoutNetRawTheMessageNamesCapabilityAndRemedy() throws Exception {
        for (String version : List.of("v4", "v6")) {
            String out = open("-net_raw,-net_admin", version, 0);
            assertTrue(out.startsWith("permission: a raw ICMP"), out);
            assertTrue(out.contains("CAP_NET_RAW") && out.contains("setpriv"), out);
            assertTrue(out.contains("AmbientCapabilities") && out.contains("EPERM"), out);
        }
    }

    @Test
    void withoutNetAdminTheBufferIsWhatTheSystemAllows() throws Exception {
        long allowed;
        // Such files come whole at the first read or not at all.
        try (BufferedReader file = Files.newBufferedReader(Path.of("/proc/sys/net/core/rmem_max"))) {
            allowed = Long.parseLong(file.readLine());
        }
        String out = open("-net_admin", "v4", 0);
        assertEquals("opened " + Math.min(64 << 20, 2 * allowed), out);
    }
}
