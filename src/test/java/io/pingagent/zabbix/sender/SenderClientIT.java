package io.pingagent.zabbix.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.ZabbixServer;
import io.pingagent.model.ZabbixValue;
import io.pingagent.zabbix.AddressItem;
import io.pingagent.zabbix.FakeTrapper;
import io.pingagent.zabbix.sender.SenderAnswer.Counts;
import io.pingagent.zabbix.transport.PlainTransport;
import io.pingagent.zabbix.transport.SocketTransport;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over real sockets: good servers, hostile ones, and none. */
@Timeout(60)
class SenderClientIT {

    private static final SocketTransport.Limits SHORT =
            new SocketTransport.Limits(Duration.ofSeconds(5), Duration.ofMillis(700), Duration.ofMillis(700));
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final byte[] GOOD =
            FakeTrapper.frame("{\"response\":\"success\",\"info\":\"processed: 1; failed: 0; total: 1\"}", false);

    private final FakeTrapper first = new FakeTrapper();
    private final FakeTrapper second = new FakeTrapper();
    private SenderClient client = client(SocketTransport.Limits.DEFAULT, first.address());

    @AfterEach
    void close() {
        client.close();
        first.close();
        second.close();
    }

    private static SenderClient client(SocketTransport.Limits limits, ZabbixServer... servers) {
        return new SenderClient(
                List.of(servers), new PlainTransport(limits), () -> 1_700_000_000L * 1_000_000_000L, true);
    }

    private static ZabbixValue value(int i) {
        return new ZabbixValue(
                "gza", AddressItem.RTT.key("192.0.2." + i), "0.00" + i, 1_700_000_000L + i, 999_999_999 - i);
    }

    private static List<ZabbixValue> values(int count) {
        List<ZabbixValue> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(value(i));
        }
        return values;
    }

    @Test
    void clockAndNanosecondsArriveAsTheyWere() throws Exception {
        List<ZabbixValue> sent = new ArrayList<>(values(5_000));
        sent.add(new ZabbixValue("gz\u00e4 \"x\"", "k[\"\\,\u20ac\"]", "line\nbreak\t\u0001 \ud83d\ude00", 0, 0));
        assertEquals(new Counts(5_001, 0), client.send(sent));
        assertEquals(sent, first.packets.get(0));
    }

    @Test
    void smallPacketsAreNotCompressedAndCompressedAnswersAreRead() throws Exception {
        first.compressAnswers = true;
        assertEquals(new Counts(1, 0), client.send(values(1)));
    }

    @Test
    void failedValuesAreCounted() throws Exception {
        first.unknownKeys.add(value(1).key());
        assertEquals(new Counts(2, 1), client.send(values(3)));
    }

    @Test
    void anAnswerCutAnywhereIsNoAcknowledgement() {
        client.close();
        client = client(SHORT, first.address());
        for (int length = 0; length < GOOD.length; length += 3) {
            byte[] cut = Arrays.copyOf(GOOD, length);
            first.behaviour = (in, out) -> {
                FakeTrapper.readValues(in);
                out.write(cut);
            };
            assertThrows(ServerUnreachableException.class, () -> client.send(values(1)), "cut at " + length);
        }
    }

    @Test
    void closingBeforeTheRequestIsReadIsNoAcknowledgement() {
        for (int read : new int[] {0, 1, 12, 13, 14, 500}) {
            first.behaviour = (in, out) -> in.readNBytes(read);
            assertThrows(ServerUnreachableException.class, () -> client.send(values(20_000)), "after " + read);
        }
    }

    @Test
    void slowBytesDoNotProlongTheDeadline() {
        client.close();
        client = client(SHORT, first.address());
        first.behaviour = (in, out) -> {
            FakeTrapper.readValues(in);
            for (byte b : GOOD) {
                out.write(b);
                sleep(100);
            }
        };
        long startNanos = System.nanoTime();
        ServerUnreachableException e = assertThrows(ServerUnreachableException.class, () -> client.send(values(1)));
        assertTrue(System.nanoTime() - startNanos < TimeUnit.SECONDS.toNanos(5));
        assertTrue(e.getMessage().contains("no complete answer within 700 ms"), e.getMessage());
    }

    @Test
    void aServerThatHangsAfterAcceptCostsTheTimeWithoutProgressOnly() {
        client.close();
        client = client(new SocketTransport.Limits(MINUTE, Duration.ofMillis(300), MINUTE), first.address());
        first.behaviour = (in, out) -> sleep(20_000);
        String message = assertThrows(ServerUnreachableException.class, () -> client.send(values(1)))
                .getMessage();
        assertTrue(message.contains("it accepts connections but nothing moved for 300 ms"), message);
        assertTrue(SocketTransport.Limits.DEFAULT.progress().toSeconds() <= 10);
    }

    @Test
    void bytesThatKeepComingMoveTheDeadline() throws Exception {
        client.close();
        client = client(new SocketTransport.Limits(MINUTE, Duration.ofMillis(1_500), MINUTE), first.address());
        first.behaviour = (in, out) -> {
            FakeTrapper.readValues(in);
            for (int i = 0; i < 10; i++) {
                out.write(GOOD, i * GOOD.length / 10, (i + 1) * GOOD.length / 10 - i * GOOD.length / 10);
                out.flush();
                sleep(200);
            }
        };
        assertEquals(new Counts(1, 0), client.send(values(1)));
    }

    @Test
    void aServerThatDoesNotReadDoesNotHoldTheSender() {
        client.close();
        client = client(SHORT, first.address());
        first.behaviour = (in, out) -> sleep(5_000);
        List<ZabbixValue> large = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            large.add(new ZabbixValue("h", "k", randomText(400_000, i), i, 0));
        }
        assertThrows(ServerUnreachableException.class, () -> client.send(large));
    }

    @Test
    void garbageIsNoAcknowledgement() {
        for (String garbage : List.of("[]", "HTTP/1.1 200 OK\r\n\r\n", "ZBXD", "\u0000".repeat(100))) {
            first.behaviour = (in, out) -> {
                FakeTrapper.readValues(in);
                out.write(garbage.getBytes(StandardCharsets.UTF_8));
            };
            assertThrows(ServerUnreachableException.class, () -> client.send(values(1)), garbage);
        }
        first.behaviour = answer("[]");
        assertThrows(ServerUnreachableException.class, () -> client.send(values(1)));
    }

    @Test
    void theNextServerIsTriedAndKept() throws Exception {
        client.close();
        first.close();
        client = client(SocketTransport.Limits.DEFAULT, first.address(), second.address());
        client.send(values(1));
        client.send(values(2));
        assertEquals(2, second.packets.size());
        assertEquals(second.address(), client.lastServer());
    }

    @Test
    void allServersAwayNamesEach() {
        client.close();
        first.close();
        second.close();
        client = client(SocketTransport.Limits.DEFAULT, first.address(), second.address());
        String message = assertThrows(ServerUnreachableException.class, () -> client.send(values(1)))
                .getMessage();
        assertTrue(message.contains(first.address() + ": connection refused"), message);
        assertTrue(message.contains(second.address() + ": connection refused"), message);
    }

    @Test
    void redirectsAreFollowedAndRemembered() throws Exception {
        first.behaviour = redirect(second.address());
        client.send(values(1));
        first.close();
        client.send(values(1));
        assertEquals(2, second.packets.size());
    }

    @Test
    void aRedirectToADeadProxyFallsBackToTheConfiguredOne() throws Exception {
        first.behaviour = redirect(second.address());
        client.send(values(1));
        second.close();
        first.behaviour = first::serveWell;
        client.send(values(1));
        assertEquals(1, first.packets.size());
    }

    @Test
    void redirectsInACircleEnd() {
        first.behaviour = redirect(second.address());
        second.behaviour = redirect(first.address());
        ServerUnreachableException e = assertThrows(ServerUnreachableException.class, () -> client.send(values(1)));
        assertTrue(e.getMessage().contains("redirected more than"), e.getMessage());
    }

    @Test
    void closingEndsAnExchangeUnderWay() {
        first.behaviour = (in, out) -> sleep(20_000);
        Thread closer = new Thread(() -> {
            sleep(300);
            client.close();
        });
        closer.start();
        long startNanos = System.nanoTime();
        assertThrows(ServerUnreachableException.class, () -> client.send(values(1)));
        assertTrue(System.nanoTime() - startNanos < TimeUnit.SECONDS.toNanos(10));
    }

    private static FakeTrapper.Behaviour redirect(ZabbixServer to) {
        return answer("{\"response\":\"failed\",\"redirect\":{\"revision\":1,\"address\":\"" + to + "\"}}");
    }

    private static FakeTrapper.Behaviour answer(String json) {
        return (InputStream in, OutputStream out) -> {
            FakeTrapper.readValues(in);
            out.write(FakeTrapper.frame(json, false));
        };
    }

    private static String randomText(int length, int seed) {
        return new java.util.Random(seed)
                .ints(length, 'a', 'z')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static void sleep(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
