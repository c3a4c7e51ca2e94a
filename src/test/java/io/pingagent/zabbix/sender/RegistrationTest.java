package io.pingagent.zabbix.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.ZabbixServer;
import io.pingagent.zabbix.transport.Frame;
import io.pingagent.zabbix.transport.SenderTransport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegistrationTest {

    private static final String UNKNOWN = "{\"response\":\"failed\",\"info\":\"host [gza] not found\"}";
    private static final String KNOWN = "{\"response\":\"success\",\"config_revision\":154,\"data\":[]}";

    private static final ZabbixServer FIRST = new ZabbixServer("192.0.2.1", 10051);
    private static final ZabbixServer SECOND = new ZabbixServer("192.0.2.2", 10051);

    private final List<String> asked = new ArrayList<>();
    private final Deque<String> answers = new ArrayDeque<>();
    private final Registration registration =
            new Registration("gza", "ping-agent 1 \"lab\"", List.of(FIRST, SECOND), new Scripted());

    /** Answers in their order; an empty one is a refused connection. */
    private final class Scripted implements SenderTransport {

        @Override
        public byte[] exchange(ZabbixServer server, byte[] frame) throws IOException {
            String request = new String(Frame.read(new ByteArrayInputStream(frame), 1 << 16), StandardCharsets.UTF_8);
            asked.add(server.host() + ' ' + request);
            String answer = answers.pop();
            if (answer.isEmpty()) {
                throw new ConnectException("connection refused");
            }
            return answer.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    @Test
    void asksAsAZabbixAgentDoesWithItsMetadata() {
        answers.add(KNOWN);

        assertTrue(registration.isKnown());
        assertEquals(
                List.of("192.0.2.1 {\"request\":\"active checks\",\"host\":\"gza\",\"host_metadata\":\"ping-agent 1"
                        + " \\\"lab\\\"\"}"),
                asked);
    }

    @Test
    void isNotContentWithAServerThatDoesNotKnowTheHost() {
        answers.addAll(List.of(UNKNOWN, UNKNOWN));
        assertFalse(registration.isKnown());

        answers.add(KNOWN);
        assertTrue(registration.isKnown());
    }

    @Test
    void asksTheNextServerWhereOneIsAwayOrAnswersNonsense() {
        answers.addAll(List.of("", KNOWN));
        assertTrue(registration.isKnown());

        answers.addAll(List.of("<html>", KNOWN));
        assertTrue(registration.isKnown());

        assertEquals(4, asked.size());
    }

    @Test
    void followsAProxyGroupToTheProxyOfTheHost() {
        answers.add("{\"response\":\"failed\",\"redirect\":{\"revision\":2,\"address\":\"192.0.2.9:10051\"}}");
        answers.add(KNOWN);

        assertTrue(registration.isKnown());
        assertTrue(asked.get(1).startsWith("192.0.2.9 "), asked.toString());
    }

    @Test
    void leavesACircleOfRedirects() {
        for (int i = 0; i < 3; i++) {
            answers.add("{\"response\":\"failed\",\"redirect\":{\"revision\":2,\"address\":\"192.0.2.9:10051\"}}");
        }
        answers.add(KNOWN);

        assertTrue(registration.isKnown());
        assertTrue(asked.get(3).startsWith("192.0.2.2 "), asked.toString());
    }
}
