package io.pingagent.zabbix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.Problem;
import io.pingagent.model.ZabbixServer;
import io.pingagent.model.ZabbixValue;
import io.pingagent.zabbix.sender.SenderAnswer.Counts;
import io.pingagent.zabbix.sender.SenderClient;
import io.pingagent.zabbix.sender.ServerUnreachableException;
import io.pingagent.zabbix.transport.PlainTransport;
import io.pingagent.zabbix.transport.SocketTransport;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which of several servers gets the values, over time. */
@Timeout(60)
class SeveralServersTest {

    private static final long SECOND = 1_000_000_000L;

    private FakeTrapper first = new FakeTrapper();
    private final FakeTrapper second = new FakeTrapper();
    private long nowNanos;
    private final SenderClient client = new SenderClient(
            List.of(first.address(), second.address()),
            new PlainTransport(SocketTransport.Limits.DEFAULT),
            new SenderClient.Options(
                    this::wallNanos,
                    () -> nowNanos,
                    true,
                    new AgentOwnValues("gza", () -> "0.1.0", this::wallNanos),
                    Runnable::run));

    @AfterEach
    void close() {
        client.close();
        first.close();
        second.close();
    }

    private long wallNanos() {
        return 1_700_000_000 * SECOND + nowNanos;
    }

    private Counts send(String... keys) throws ServerUnreachableException {
        List<ZabbixValue> values = new ArrayList<>();
        for (String key : keys) {
            values.add(ZabbixValue.at("gza", key, "1", wallNanos()));
        }
        return client.send(values);
    }

    private static int got(FakeTrapper server, String key) {
        return (int) server.accepted.stream()
                .filter(value -> value.key().equals(key))
                .count();
    }

    private void refuseAll(FakeTrapper server) {
        server.unknownHosts.add("gza");
    }

    @Test
    void theFirstIsPreferredAgainWithinAMinuteOfItsReturn() throws Exception {
        ZabbixServer address = first.address();
        first.close();
        send("k");
        assertEquals(second.address(), client.lastServer());
        assertEquals(
                List.of("zabbix.servers: " + address + ": connection refused"),
                client.problems().stream()
                        .map(problem -> problem.where() + ": " + problem.what())
                        .toList());
        assertTrue(client.isConnected());

        first = new FakeTrapper(address.port());
        nowNanos += 59 * SECOND;
        send("k");
        assertEquals(0, first.packets.size());
        nowNanos += SECOND;
        send("k");
        assertEquals(address, client.lastServer());
        assertEquals(List.of(), client.problems());
        send("k");
        assertEquals(2, got(first, "k"));
        assertEquals(2, got(second, "k"));
    }

    @Test
    void aServerThatIsAwayIsAskedOnceAMinuteWithItsOwnValuesOnly() throws Exception {
        ZabbixServer address = first.address();
        first.close();
        send("k");
        first = new FakeTrapper(address.port());
        refuseAll(first);
        for (int i = 0; i < 600; i++) {
            nowNanos += SECOND;
            send("k");
        }
        assertEquals(10, first.packets.size());
        assertTrue(first.packets.stream()
                .allMatch(
                        packet -> packet.stream().allMatch(value -> value.key().startsWith("ping.agent."))));
        assertEquals(601, got(second, "k"));
        Problem problem = client.problems().get(0);
        assertEquals(address + ": takes no value of host 'gza'", problem.what());
        assertTrue(problem.remedy().contains("doctor"), problem.remedy());
    }

    @Test
    void aServerThatRefusesEverythingIsNoHome() throws Exception {
        refuseAll(first);
        send("k");
        assertEquals(1, got(second, "k"));
        assertTrue(client.isConnected());
        assertEquals(1, client.problems().size());
        send("k");
        assertEquals(2, got(second, "k"));
        assertEquals(2, first.packets.size(), "the values, and the question");
    }

    @Test
    void aHostThatIsDisabledWhileItRunsIsNoticedByTheAgentsOwnValues() throws Exception {
        send("k");
        refuseAll(first);
        assertEquals(new Counts(0, 1), send("new item"));
        send("ping.agent.targets");
        assertEquals(1, got(second, "ping.agent.targets"));
        assertEquals(second.address(), client.lastServer());
    }

    @Test
    void newItemsAreNoRefusal() throws Exception {
        second.close();
        first.unknownKeys.add("new");
        assertEquals(new Counts(0, 1), send("new"));
        assertTrue(client.isConnected());
        assertEquals(List.of(), client.problems());
        // An agent may be newer than its template.
        first.unknownKeys.add("ping.agent.future");
        assertEquals(new Counts(0, 1), send("ping.agent.future"));
        assertEquals(List.of(), client.problems());
    }

    @Test
    void ifAllRefuseEverythingItIsNotConnected() throws Exception {
        refuseAll(first);
        refuseAll(second);
        String message =
                assertThrows(ServerUnreachableException.class, () -> send("k")).getMessage();
        assertTrue(message.contains(first.address() + ": takes no value of host 'gza'"), message);
        assertTrue(message.contains(second.address() + ": takes no value of host 'gza'"), message);
        assertFalse(client.isConnected());
        assertEquals(2, client.problems().size());
        second.unknownHosts.clear();
        send("k");
        assertTrue(client.isConnected());
        assertEquals(1, client.problems().size());
    }

    @Test
    void whileHostsOfAddressesAreTakenADisabledHostOfTheAgentHoldsNobodyUp() throws Exception {
        client.send(List.of(ZabbixValue.at("ping gza 192.0.2.1", "ping.status", "1", wallNanos())));
        refuseAll(first);
        assertEquals(new Counts(0, 1), send("ping.agent.targets"));
        assertEquals(first.address(), client.lastServer());
        assertEquals(0, second.packets.size());
    }

    @Test
    void aSecondServerThatIsDeadIsNoProblemWhileTheFirstIsHome() throws Exception {
        second.close();
        send("k");
        assertEquals(List.of(), client.problems());
        ZabbixServer address = first.address();
        first.close();
        assertThrows(ServerUnreachableException.class, () -> send("k"));
        assertEquals(2, client.problems().size());
        first = new FakeTrapper(address.port());
        send("k");
        assertEquals(List.of(), client.problems());
    }
}
