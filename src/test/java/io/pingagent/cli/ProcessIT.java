package io.pingagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.testkit.RedisServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** What only a process of its own can show. */
class ProcessIT {

    private static String text(java.io.InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void helpLoadsNoMachinery() throws Exception {
        Process process = MainProcess.builder(List.of("-Xlog:class+load"), "ping", "--help")
                .start();
        String loaded = text(process.getInputStream());
        assertEquals(0, process.waitFor());
        assertTrue(loaded.contains("picocli.CommandLine"));
        for (String library :
                List.of("redis.clients", "org.quartz", "org.apache.logging", "com.sun.jna", "com.google.gson")) {
            assertFalse(loaded.contains(" " + library), library);
        }
    }

    @Test
    void redisCommandsLoadNoLogging() throws Exception {
        Process process = MainProcess.builder(List.of("-Xlog:class+load"), "group", "list")
                .start();
        String loaded = text(process.getInputStream());
        process.waitFor();
        assertTrue(loaded.contains("io.pingagent.redis.admin.RedisAdmin"));
        for (String library : List.of("org.quartz", "org.apache.logging", "com.sun.jna")) {
            assertFalse(loaded.contains(" " + library), library);
        }
    }

    @Test
    void aReaderThatLeavesEndsItQuietly() throws Exception {
        try (RedisServer server = RedisServer.started();
                Jedis redis = new Jedis(server.url())) {
            List<String> members = new ArrayList<>();
            for (int i = 0; i < 200_000; i++) {
                members.add("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255));
            }
            redis.sadd("group-list", "g1");
            redis.sadd("group_g1", members.toArray(String[]::new));
            ProcessBuilder builder = MainProcess.builder(List.of(), "group", "show", "g1");
            builder.environment().put("PING_AGENT_REDIS_URL", server.url().toString());
            Process process = builder.start();
            assertTrue(process.getInputStream().read() >= 0);
            process.getInputStream().close();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertEquals("", text(process.getErrorStream()));
            assertEquals(0, process.exitValue());
        }
    }

    @Test
    void topEndsCleanlyOnASignal() throws Exception {
        try (RedisServer server = RedisServer.started();
                Jedis redis = new Jedis(server.url())) {
            redis.sadd("agent-list", "gza");
            ProcessBuilder builder = MainProcess.builder(List.of(), "top");
            builder.environment().put("PING_AGENT_REDIS_URL", server.url().toString());
            Process process = builder.start();
            assertTrue(process.getInputStream().read() >= 0);
            // Not Process.destroy: it closes the streams.
            process.toHandle().destroy();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertEquals(0, process.exitValue());
            assertEquals("", text(process.getErrorStream()));
        }
    }

    @Test
    void wrongUsageLeavesStandardOutputAlone() throws Exception {
        Process process = MainProcess.builder(List.of(), "nonsense").start();
        assertEquals("", text(process.getInputStream()));
        assertEquals(
                "ping-agent: unknown command 'nonsense'; see 'ping-agent --help'\n", text(process.getErrorStream()));
        assertEquals(64, process.waitFor());
    }
}
