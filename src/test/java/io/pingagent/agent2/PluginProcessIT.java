package io.pingagent.agent2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.pingagent.control.ControlServer;
import io.pingagent.testkit.Directories;
import io.pingagent.testkit.SentSignals;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.opentest4j.TestAbortedException;

/** The plugin of the distribution as a process, started as agent 2 starts it, by a scripted agent. */
@Timeout(300)
class PluginProcessIT {

    private static final long LIMIT_SECONDS = 60;
    private static final int MOST_KIB = 48 * 1024;
    private static final int MOST_GROWTH_KIB = 5 * 1024;
    private static final int AT_ONCE = 100;

    private Path program;
    private Path directory;
    private ServerSocketChannel server;
    private Process process;

    @BeforeEach
    void listen() throws IOException {
        program = Path.of(System.getProperty("pingagent.dist", ""), "bin", "zabbix-agent2-plugin")
                .toAbsolutePath();
        if (!Files.isExecutable(program)) {
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError("no " + program);
            }
            throw new TestAbortedException("no " + program + ": run mvn verify");
        }
        directory = Files.createTempDirectory("pa2");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(directory.resolve("agent2")));
    }

    @AfterEach
    void close() throws IOException {
        if (process != null) {
            process.destroyForcibly();
        }
        server.close();
        Directories.delete(directory);
    }

    private ScriptedAgent start(boolean isRegistration) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        program.toString(), directory.resolve("agent2").toString(), Boolean.toString(isRegistration))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("printed").toFile());
        // As little as a service has.
        builder.environment().clear();
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        process = builder.start();
        return new ScriptedAgent(server.accept());
    }

    private int status() throws InterruptedException {
        assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), "it does not end");
        return process.exitValue();
    }

    /** The agent would keep what is printed in its memory. */
    private void assertSilent() throws IOException {
        assertEquals("", Files.readString(directory.resolve("printed")));
    }

    @Test
    void registersAndEndsWithStatusZero() throws Exception {
        try (ScriptedAgent agent = start(true)) {
            agent.send("{\"id\":1,\"type\":2,\"version\":\"6.4.0\"}");
            assertEquals("Ping", agent.answer().get("name").getAsString());
            agent.send("{\"id\":2,\"type\":9,\"private_options\":null}");
            assertFalse(agent.answer().has("error"));
            agent.send("{\"id\":0,\"type\":5}");
            assertEquals(0, status());
        }
        assertSilent();
    }

    /** Ignored signals and a kill of the agent together must leave no orphan. */
    @Test
    void endsWithTheConnectionAndNotBySignals() throws Exception {
        try (ScriptedAgent agent = start(false)) {
            for (String signal : List.of("TERM", "INT", "HUP")) {
                SentSignals.send(process.pid(), signal);
                agent.send("{\"id\":1,\"type\":2}");
                assertEquals("Ping", agent.answer().get("name").getAsString(), signal);
            }
        }
        status();
        assertSilent();
    }

    /** As many questions as fit into some seconds; a million were made by hand. */
    @Test
    void memoryDoesNotGrowWithTheQuestions() throws Exception {
        String document = "{\"data\":[" + "{\"ip\":\"192.0.2.7\",\"status\":1},".repeat(3_000) + "{}]}";
        ControlServer control = ControlServer.start(
                directory.resolve("gza.sock"), request -> request.key().equals("ping.get") ? document : "1");
        try (ScriptedAgent agent = start(false)) {
            agent.configure(directory.resolve("gza.sock"));
            ask(agent, 3_000);
            long before = residentKib();
            ask(agent, 20_000);
            long after = residentKib();
            assertTrue(after - before <= MOST_GROWTH_KIB, before + " KiB, then " + after);
            assertTrue(after <= MOST_KIB, after + " KiB");
            agent.send("{\"id\":4,\"type\":5}");
            assertEquals(0, status());
        } finally {
            control.close();
        }
        assertSilent();
    }

    private static void ask(ScriptedAgent agent, int questions) throws IOException {
        int asked = 0;
        for (int answered = 0; answered < questions; answered++) {
            while (asked < questions && asked - answered < AT_ONCE) {
                asked++;
                if (asked % 50 == 0) {
                    agent.export(asked, "ping.get", "[\"gza\"]");
                } else if (asked % 3 == 0) {
                    agent.export(asked, "ping.status", "[\"wrong\"]");
                } else {
                    agent.export(asked, "ping.status", "[\"gza\",\"192.0.2.7\"]");
                }
            }
            JsonObject answer = agent.answer();
            int id = answer.get("id").getAsInt();
            assertEquals(id % 50 != 0 && id % 3 == 0, answer.has("error"), answer::toString);
        }
    }

    private long residentKib() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("the plugin is gone");
    }
}
