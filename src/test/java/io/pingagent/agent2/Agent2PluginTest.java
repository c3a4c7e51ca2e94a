package io.pingagent.agent2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.pingagent.control.ControlException;
import io.pingagent.control.ControlProtocol;
import io.pingagent.control.ControlServer;
import io.pingagent.control.ItemKey;
import io.pingagent.testkit.Directories;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The plugin and a scripted agent 2, over real Unix sockets. */
@Timeout(60)
class Agent2PluginTest {

    private Path directory;
    private ScriptedAgent agent;
    private ControlServer control;

    @BeforeEach
    void start() throws Exception {
        directory = Files.createTempDirectory("pa2");
        agent = new ScriptedAgent(directory);
    }

    @AfterEach
    void close() {
        agent.close();
        if (control != null) {
            control.close();
        }
        Directories.delete(directory);
    }

    private void answerAs(String name) throws Exception {
        control = ControlServer.start(directory.resolve(name + ".sock"), request -> {
            if (request.parameters().contains("refused")) {
                throw new ControlException("not this one");
            }
            return request.key() + request.parameters();
        });
    }

    private void assertStillAnswers() throws Exception {
        agent.send("{\"id\":77,\"type\":2,\"version\":\"6.4.0\"}");
        assertEquals(77, agent.answer().get("id").getAsInt());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "6.0.13", "6.2.7", "6.4.0", "7.4.0", "8.0.0", "", "\\u0000"})
    void anyVersionOfTheProtocolIsWelcome(String version) throws Exception {
        agent.send("{\"id\":1,\"type\":2,\"version\":\"" + version + "\"}");
        JsonObject registered = agent.answer();
        assertEquals(1, registered.get("id").getAsInt());
        assertEquals(MessageType.REGISTERED, registered.get("type").getAsInt());
        assertEquals("Ping", registered.get("name").getAsString());
        assertEquals(7, registered.get("interfaces").getAsInt());
        assertFalse(registered.has("error"));
    }

    /** Otherwise the whole agent does not start. */
    @Test
    void keysAndDescriptionsAreAsTheAgentWantsThem() throws Exception {
        agent.send("{\"id\":1,\"type\":2}");
        JsonArray metrics = agent.answer().getAsJsonArray("metrics");
        assertEquals(2 * ItemKey.values().length, metrics.size());
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < metrics.size(); i += 2) {
            String key = metrics.get(i).getAsString();
            String description = metrics.get(i + 1).getAsString();
            assertTrue(key.matches("[A-Za-z0-9._-]+") && keys.add(key), key);
            assertTrue(description.matches("[A-Z].*\\."), description);
        }
        assertTrue(keys.contains("ping.get"), keys.toString());
    }

    @Test
    void validationNeverFails() throws Exception {
        for (String options : List.of(
                "null",
                "{}",
                "{\"Name\":\"Ping\",\"Nodes\":null}",
                ScriptedAgent.options("Socket", "relative"),
                ScriptedAgent.options("Nonsense", "x"))) {
            agent.send("{\"id\":2,\"type\":9,\"private_options\":" + options + "}");
            JsonObject validated = agent.answer();
            assertEquals(MessageType.VALIDATED, validated.get("type").getAsInt());
            assertFalse(validated.has("error"), options);
        }
        agent.send("{\"id\":3,\"type\":9}");
        assertEquals(3, agent.answer().get("id").getAsInt());
    }

    @Test
    void aFrameMayComeByteByByteAndSeveralAtOnce() throws Exception {
        byte[] register = ScriptedAgent.frame(FrameChannel.JSON, "{\"id\":1,\"type\":2,\"version\":\"ü\"}");
        for (int cut = 1; cut < register.length; cut++) {
            agent.sendBytes(register, 0, cut);
            agent.sendBytes(register, cut, register.length);
            assertEquals(MessageType.REGISTERED, agent.answer().get("type").getAsInt());
        }
        for (int i = 0; i < register.length; i++) {
            agent.sendBytes(register, i, i + 1);
        }
        assertEquals(MessageType.REGISTERED, agent.answer().get("type").getAsInt());
        byte[] three = ScriptedAgent.joined(register, register, register);
        agent.sendBytes(three, 0, three.length);
        for (int i = 0; i < 3; i++) {
            assertEquals(MessageType.REGISTERED, agent.answer().get("type").getAsInt());
        }
    }

    /** An end of the plugin would be the end of the agent. */
    @Test
    void whatIsNoMessageIsPassedOver() throws Exception {
        for (String json :
                List.of("", "x", "[]", "{", "{\"id\":[]}", "{\"id\":1,\"type\":\"x\"}", "{\"id\":1e99}", "null")) {
            agent.send(json);
            assertStillAnswers();
        }
        for (int type : new int[] {0, 2, -1}) {
            byte[] frame = ScriptedAgent.frame(type, "{\"id\":5,\"type\":2}");
            agent.sendBytes(frame, 0, frame.length);
            assertStillAnswers();
        }
        agent.send("\"" + "x".repeat((int) FrameChannel.MOST_BYTES) + "\"");
        assertStillAnswers();
        for (int type : new int[] {0, 1, 3, 7, 10, 11, 12, 99, -3}) {
            agent.send("{\"id\":9,\"type\":" + type + "}");
            assertStillAnswers();
        }
        assertFalse(agent.plugin().isDone());
    }

    @Test
    void valuesAreTextWhateverTheyAre() throws Exception {
        answerAs("gza");
        agent.export(3, "ping.status", "[\"gza\",\"a\\\"b\\\\ü\\u0001\"]");
        JsonObject exported = agent.answer();
        assertEquals(3, exported.get("id").getAsInt());
        assertEquals(MessageType.EXPORTED, exported.get("type").getAsInt());
        assertTrue(exported.getAsJsonPrimitive("value").isString());
        assertEquals("ping.status[gza, a\"b\\ü\u0001]", exported.get("value").getAsString());
        assertFalse(exported.has("error"));
    }

    @Test
    void whatCannotBeHadIsAnErrorText() throws Exception {
        agent.export(3, "ping.get", "[]");
        assertTrue(error().contains("no ping-agent runs here"));
        answerAs("gza");
        agent.export(4, "ping.get", "[\"refused\"]");
        assertEquals("not this one", error());
        agent.export(5, "ping.status", "[\"gza\"]");
        assertTrue(error().contains("write ping.status[agent,address]"));
        agent.export(6, "icmpping", "null");
        assertTrue(error().contains("no key 'icmpping'"));
        agent.send("{\"id\":7,\"type\":6}");
        assertTrue(error().contains("no key ''"));
        agent.configure(Path.of("relative"));
        agent.export(8, "ping.get", "[]");
        assertTrue(error().contains("not an absolute path"));
        agent.configure(directory.resolve("nobody.sock"));
        agent.export(9, "ping.get", "[]");
        assertTrue(error().contains("no ping-agent runs here with the control socket"));
    }

    private String error() throws Exception {
        JsonObject exported = agent.answer();
        assertEquals(MessageType.EXPORTED, exported.get("type").getAsInt());
        assertFalse(exported.has("value"), exported.toString());
        return exported.get("error").getAsString();
    }

    @Test
    void theSocketOfTheOptionWinsAndTheLastLineOfIt() throws Exception {
        answerAs("other");
        Files.createFile(directory.resolve("gza.sock"));
        agent.configure(directory.resolve("other.sock"));
        agent.export(3, "ping.get", "[\"gza\"]");
        assertEquals("ping.get[gza]", agent.answer().get("value").getAsString());
    }

    @Test
    void unknownOptionsAreALineInTheAgentsLog() throws Exception {
        agent.send("{\"id\":1,\"type\":8,\"private_options\":" + ScriptedAgent.options("Nonsense", "x") + "}");
        JsonObject line = agent.next();
        assertEquals(0, line.get("id").getAsInt());
        assertEquals(MessageType.LOG, line.get("type").getAsInt());
        assertEquals(3, line.get("severity").getAsInt());
        assertTrue(line.get("message").getAsString().contains("Plugins.Ping.Nonsense"), line.toString());
        agent.send("{\"id\":2,\"type\":4}");
        assertEquals(0, agent.next().get("severity").getAsInt());
    }

    @Test
    void aHundredQuestionsAtOnceAreAllAnswered() throws Exception {
        answerAs("gza");
        Set<Integer> open = new HashSet<>();
        for (int id = 3; id < 103; id++) {
            agent.export(id, "ping.status", "[\"gza\",\"" + id + "\"]");
            open.add(id);
        }
        while (!open.isEmpty()) {
            JsonObject exported = agent.answer();
            int id = exported.get("id").getAsInt();
            assertTrue(open.remove(id), exported.toString());
            assertEquals("ping.status[gza, " + id + "]", exported.get("value").getAsString());
        }
    }

    /** A probe takes seconds; values do not wait for it. */
    @Test
    void probesHoldUpNobody() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        control = ControlServer.start(directory.resolve("gza.sock"), request -> {
            try {
                boolean isOver = !request.key().equals("ping.probe") || end.await(30, TimeUnit.SECONDS);
                return Boolean.toString(isOver);
            } catch (InterruptedException e) {
                throw new ControlException("interrupted", e);
            }
        });
        for (int id = 3; id < 23; id++) {
            agent.export(id, "ping.probe", "[\"192.0.2.7\"]");
        }
        agent.export(99, "ping.get", "[]");
        assertEquals(99, agent.answer().get("id").getAsInt());
        end.countDown();
        for (int i = 3; i < 23; i++) {
            assertEquals("true", agent.answer().get("value").getAsString());
        }
    }

    @Test
    void longAnswersComeWholeHoweverMany() throws Exception {
        control = ControlServer.start(
                directory.resolve("gza.sock"), request -> "\"".repeat(ControlProtocol.MOST_ANSWER_BYTES));
        for (int id = 3; id < 13; id++) {
            agent.export(id, "ping.get", "[]");
        }
        for (int i = 0; i < 10; i++) {
            assertEquals(
                    ControlProtocol.MOST_ANSWER_BYTES,
                    agent.answer().get("value").getAsString().length());
        }
    }

    /** 6.0 says it with the number 0, 7.0 with the next. */
    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void endsWhenToldTo(int id) throws Exception {
        agent.send("{\"id\":" + id + ",\"type\":5}");
        agent.plugin().get(30, TimeUnit.SECONDS);
    }

    @Test
    void endsWithTheAgentEvenInTheMiddleOfAFrame() throws Exception {
        byte[] frame = ScriptedAgent.frame(FrameChannel.JSON, "{\"id\":1,\"type\":2}");
        agent.sendBytes(frame, 0, frame.length - 1);
        agent.close();
        agent.plugin().get(30, TimeUnit.SECONDS);
    }

    @Test
    void anAgentThatIsGoneBeforeTheAnswerHarmsNothing() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        control = ControlServer.start(directory.resolve("gza.sock"), request -> {
            try {
                return Boolean.toString(gone.await(30, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new ControlException("interrupted", e);
            }
        });
        agent.export(3, "ping.get", "[]");
        agent.close();
        agent.plugin().get(30, TimeUnit.SECONDS);
        gone.countDown();
    }
}
