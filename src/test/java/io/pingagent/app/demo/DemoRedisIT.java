package io.pingagent.app.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.base.ServiceUnreachableException;
import io.pingagent.testkit.RedisServer;
import io.pingagent.testkit.Requires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/** What another user of the machine can do with the demo's Redis: nothing; and what is left of it: nothing. */
@Tag("root")
class DemoRedisIT {

    @TempDir
    private Path directory;

    /** All that are given, and the embedded one ("-"). */
    static List<String> servers() {
        List<String> servers = new ArrayList<>(List.of("-"));
        RedisServer.programs().forEach(program -> servers.add(program.toString()));
        return servers;
    }

    private static DemoRedis started(String server) {
        return DemoRedis.start("demo", server.equals("-") ? null : Path.of(server));
    }

    @ParameterizedTest
    @MethodSource("servers")
    void nobodyGetsInWithoutThePasswordThatOnlyItsUserCanRead(String server) throws IOException {
        try (DemoRedis redis = started(server);
                Jedis jedis = new Jedis("127.0.0.1", redis.port())) {
            JedisDataException refused = assertThrows(JedisDataException.class, jedis::ping);
            assertTrue(String.valueOf(refused.getMessage()).startsWith("NOAUTH"), refused.getMessage());
            for (Path file : List.of(redis.passwordFile(), redis.configFile())) {
                assertEquals("rw-------", mode(file), file.toString());
            }
            assertFalse(mode(redis.configFile().getParent()).contains("r--"), "the directory");
            assertTrue(mode(redis.configFile().getParent()).matches("rwx--[-x]--[-x]"), "the directory");
            String password = Files.readString(redis.passwordFile()).strip();
            assertEquals(64, password.length());
            for (ProcessHandle process : tree(redis)) {
                assertFalse(words(process).contains(password), words(process));
            }
            jedis.auth(password);
            assertEquals("PONG", jedis.ping());
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void withThePasswordToNothingCanBeWrittenOutsideOfItsMemory(String server) throws IOException {
        try (DemoRedis redis = started(server);
                Jedis jedis = new Jedis("127.0.0.1", redis.port())) {
            jedis.auth(Files.readString(redis.passwordFile()).strip());
            for (String command : List.of(
                    "CONFIG SET dir /tmp",
                    "CONFIG REWRITE",
                    "MODULE LOAD /tmp/x.so",
                    "SAVE",
                    "BGSAVE",
                    "BGREWRITEAOF",
                    "REPLICAOF 127.0.0.1 1",
                    "SLAVEOF 127.0.0.1 1",
                    "DEBUG SLEEP 0",
                    "EVAL return(1) 0",
                    "ACL SETUSER default allcommands",
                    "MIGRATE 127.0.0.1 1 key 0 1",
                    "SHUTDOWN NOSAVE")) {
                List<String> words = List.of(command.split(" ", -1));
                JedisDataException refused = assertThrows(
                        JedisDataException.class,
                        () -> jedis.sendCommand(
                                () -> words.get(0).getBytes(StandardCharsets.US_ASCII),
                                words.subList(1, words.size()).toArray(String[]::new)),
                        command);
                String reason = String.valueOf(refused.getMessage());
                // Redis 7 refuses modules before it looks at rights.
                assertTrue(reason.startsWith("NOPERM") || reason.contains("not allowed"), command + ": " + reason);
            }
            jedis.set("agent-online_demo", "online");
            assertEquals(1, jedis.keys("*").size());
            assertTrue(jedis.info("server").contains("redis_version"));
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void rootsServerRunsAsNobodyWithoutRights(String server) throws IOException {
        Requires.root();
        Requires.program("setpriv", "util-linux");
        try (DemoRedis redis = started(server)) {
            assertTrue(redis.description().endsWith("as user nobody"), redis.description());
            String status = tree(redis).stream()
                    .map(DemoRedisIT::status)
                    // A server with its own loader has another name.
                    .filter(text -> !text.matches("(?s)Name:\t(sh|cat|sleep|)\n.*") && !text.isEmpty())
                    .findFirst()
                    .orElseThrow();
            assertTrue(status.contains("Uid:\t65534\t65534\t65534\t65534"), status);
            assertTrue(status.contains("Gid:\t65534\t65534\t65534\t65534"), status);
            assertTrue(status.contains("CapEff:\t0000000000000000"), status);
            assertTrue(status.contains("CapInh:\t0000000000000000"), status);
            assertTrue(status.contains("NoNewPrivs:\t1"), status);
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void nothingIsLeftOfIt(String server) {
        List<ProcessHandle> processes;
        DemoRedis redis = started(server);
        try (redis) {
            processes = tree(redis);
            assertTrue(processes.size() >= 2, processes.toString());
        }
        assertFalse(Files.exists(redis.configFile().getParent()));
        assertEquals(
                List.of(),
                processes.stream()
                        .filter(process -> words(process).contains("redis-server"))
                        .toList());
    }

    @Test
    void aServerThatDoesNotStartSaysWhy() throws IOException {
        Path program = directory.resolve("redis-server");
        Files.writeString(program, "#!/bin/sh\necho the disk is on fire\nexit 1\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        ServiceUnreachableException away =
                assertThrows(ServiceUnreachableException.class, () -> DemoRedis.start("demo", program));
        assertTrue(
                String.valueOf(away.getMessage())
                        .endsWith(
                                " did not start: the disk is on fire; see whether '" + program + "' starts by itself"),
                away.getMessage());
    }

    @Test
    void aDirectoryThatCannotBeUsedSaysWhatToDo() {
        String remedy = "; name another directory with PING_AGENT_JAVA_OPTS=-Djava.io.tmpdir=DIRECTORY";
        Path missing = directory.resolve("missing");
        ServiceUnreachableException away =
                assertThrows(ServiceUnreachableException.class, () -> DemoDirectory.createIn(missing));
        assertEquals(
                "cannot create a directory for the demo in " + missing + ": there is no such directory" + remedy,
                away.getMessage());
        try (DemoDirectory made = DemoDirectory.createIn(directory)) {
            ServiceUnreachableException unwritten =
                    assertThrows(ServiceUnreachableException.class, () -> made.write("missing/password", "x"));
            assertEquals(
                    "cannot write " + made.path().resolve("missing/password") + ": there is no such directory" + remedy,
                    unwritten.getMessage());
        }
    }

    @Test
    void whatDeadDemosLeftIsRemovedAndALivingOneKeepsItsOwn() throws IOException {
        Path dead = Files.createDirectory(directory.resolve("ping-agent-demo-1"));
        Files.createFile(dead.resolve("lock"));
        Files.writeString(dead.resolve("password"), "secret");
        Path beingMade = Files.createDirectory(directory.resolve("ping-agent-demo-2"));
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Files.createFile(elsewhere.resolve("lock"));
        Files.createSymbolicLink(directory.resolve("ping-agent-demo-3"), elsewhere);
        try (DemoDirectory living = DemoDirectory.createIn(directory)) {
            assertEquals("rwx------", mode(living.path()));
            assertFalse(Files.exists(dead));
            try (DemoDirectory next = DemoDirectory.createIn(directory)) {
                assertTrue(Files.exists(living.path().resolve("lock")));
                assertTrue(Files.exists(next.path()));
            }
        }
        assertTrue(Files.exists(beingMade));
        assertTrue(Files.exists(elsewhere.resolve("lock")));
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(3, left.count());
        }
    }

    private static List<ProcessHandle> tree(DemoRedis redis) {
        ProcessHandle shell = ProcessHandle.of(redis.pid()).orElseThrow();
        List<ProcessHandle> processes = new ArrayList<>(List.of(shell));
        shell.descendants().forEach(processes::add);
        return processes;
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static String words(ProcessHandle process) {
        return proc(process, "cmdline").replace('\0', ' ');
    }

    private static String status(ProcessHandle process) {
        return proc(process, "status");
    }

    private static String proc(ProcessHandle process, String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
        } catch (IOException e) {
            return "";
        }
    }
}
