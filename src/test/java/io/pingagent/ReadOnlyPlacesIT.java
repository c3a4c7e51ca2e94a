package io.pingagent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.testkit.Command;
import io.pingagent.testkit.Requires;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The distribution on a machine whose {@code /tmp} and home are read-only or allow no programs. */
@Order(1)
@Tag("root")
class ReadOnlyPlacesIT {

    private static final Path BUILT =
            Path.of(System.getProperty("pingagent.dist", "target/ping-agent")).toAbsolutePath();

    /** In a mount namespace; what may lie below a place that is covered is bound to one that is not. */
    private static final String COVERED = """
            mount --bind "$0" /mnt
            mount --bind "$1" /media
            for place in /tmp /var/tmp /root /home /dev/shm; do mount -t tmpfs -o "$2" tmpfs "$place"; done
            cd /
            export JAVA_HOME=/media HOME=/root XDG_CACHE_HOME=/root/.cache
            """;

    private static final String WITHOUT_LIBRARY = "mount -t tmpfs tmpfs /mnt/lib/native\n";

    @BeforeAll
    static void mountNamespaces() {
        Requires.rawSockets();
        Requires.program("unshare", "util-linux");
        Requires.require("mount namespaces", ReadOnlyPlacesIT::mounts, "run as root (CAP_SYS_ADMIN)");
    }

    private static boolean mounts() {
        try {
            return Command.run(
                                    "unshare",
                                    "--mount",
                                    "--propagation",
                                    "private",
                                    "mount",
                                    "-t",
                                    "tmpfs",
                                    "tmpfs",
                                    "/mnt")
                            .exitStatus()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static Command inside(String options, String script) throws IOException {
        return Command.run(
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "env",
                "-i",
                "PATH=" + System.getenv("PATH"),
                "sh",
                "-ec",
                COVERED + script,
                BUILT.toString(),
                System.getProperty("java.home"),
                options);
    }

    @ParameterizedTest
    @ValueSource(strings = {"noexec", "ro", "noexec,ro"})
    void probesAllTheSame(String options) throws IOException {
        Command ping = inside(options, "/mnt/bin/ping-agent ping 127.0.0.1");
        assertEquals("127.0.0.1 is alive\n", ping.output());
        assertEquals(0, ping.exitStatus());
        Command jar = inside(options, "/media/bin/java -jar /mnt/lib/ping-agent.jar ping 127.0.0.1");
        assertEquals("127.0.0.1 is alive\n", jar.output());
    }

    @ParameterizedTest
    @ValueSource(strings = {"noexec", "ro", "noexec,ro"})
    void aLibraryThatCannotBeLoadedIsOneLineWithTheRemedy(String options) throws IOException {
        Command ping = inside(options, WITHOUT_LIBRARY + "/mnt/bin/ping-agent ping 127.0.0.1");
        assertEquals(69, ping.exitStatus(), ping.output());
        assertEquals(1, ping.output().lines().count(), ping.output());
        assertTrue(
                ping.output().startsWith("ping-agent: the native library (JNA) cannot be used on this machine: "),
                ping.output());
        assertTrue(
                ping.output()
                        .endsWith(
                                "; set PING_AGENT_JAVA_OPTS=-Djna.tmpdir=DIR, with a directory that is writable and not"
                                        + " mounted noexec\n"),
                ping.output());
    }

    @Test
    void theRemedyHelps() throws IOException {
        Command ping = inside(
                "noexec",
                WITHOUT_LIBRARY
                        + "mount -t tmpfs tmpfs /srv; PING_AGENT_JAVA_OPTS=-Djna.tmpdir=/srv /mnt/bin/ping-agent ping 127.0.0.1");
        assertEquals("127.0.0.1 is alive\n", ping.output());
    }

    /** Left with the Redis that comes along. */
    private static final String WITHOUT_REDIS = """
            ! server=$(command -v redis-server) || mount --bind /dev/null "$server"
            """;

    @Test
    void theDemoSaysWhatToDo() throws IOException {
        Command readOnly = inside("ro", "/mnt/bin/ping-agent demo --duration 1s");
        assertEquals(
                "ping-agent: cannot create a directory for the demo in /tmp: Read-only file system; name another directory"
                        + " with PING_AGENT_JAVA_OPTS=-Djava.io.tmpdir=DIRECTORY\n",
                readOnly.output());
        assertEquals(69, readOnly.exitStatus());
        Command noPrograms = inside("noexec", WITHOUT_REDIS + "/mnt/bin/ping-agent demo --duration 1s");
        assertTrue(
                noPrograms
                        .output()
                        .endsWith("Permission denied; install redis-server, or name a directory that is not"
                                + " mounted noexec with PING_AGENT_JAVA_OPTS=-Djava.io.tmpdir=DIRECTORY\n"),
                noPrograms.output());
        assertEquals(69, noPrograms.exitStatus());
        Command helped = inside(
                "noexec,ro",
                WITHOUT_REDIS
                        + "mount -t tmpfs tmpfs /srv; PING_AGENT_JAVA_OPTS=-Djava.io.tmpdir=/srv /mnt/bin/ping-agent demo"
                        + " --duration 1s");
        assertEquals(0, helped.exitStatus(), helped.output());
    }

    @Test
    void doctorAndRunSayTheSame() throws IOException {
        for (String command : new String[] {"doctor", "run"}) {
            Command done = inside("noexec", WITHOUT_LIBRARY + "/mnt/bin/ping-agent " + command);
            assertTrue(
                    done.output().contains("the native library (JNA) cannot be used on this machine: "), done.output());
            assertFalse(done.output().contains("unexpected") || done.output().contains("\tat "), done.output());
            assertEquals(69, done.exitStatus(), done.output());
        }
    }

    @Test
    void aMissingJarIsAnIncompleteInstallation() throws IOException {
        Command ping = inside("noexec", """
                mkdir /run/ping-agent-lib
                mount -t tmpfs tmpfs /run/ping-agent-lib
                cp -r /mnt/lib/. /run/ping-agent-lib
                rm /run/ping-agent-lib/jna-*.jar
                trap 'umount /run/ping-agent-lib; rmdir /run/ping-agent-lib' EXIT
                mount --bind /run/ping-agent-lib /mnt/lib
                /mnt/bin/ping-agent ping 127.0.0.1
                """);
        assertEquals(69, ping.exitStatus(), ping.output());
        assertEquals(
                "ping-agent: the installation is not complete, a class is missing: com/sun/jna/Platform; install"
                        + " ping-agent again, with all of its lib directory\n",
                ping.output());
    }
}
