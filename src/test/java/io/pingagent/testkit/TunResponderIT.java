package io.pingagent.testkit;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.testkit.Behaviour.Answer;
import io.pingagent.testkit.TunResponder.Count;
import io.pingagent.testkit.TunResponder.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("root")
class TunResponderIT {

    private static final String V4 = "10.9.1.7";
    private static final String V6 = "fd00:9::1:7";

    /** Only a failure waits so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private NetworkNamespace inside;
    private TunResponder responder;

    @BeforeAll
    static void requires() {
        Requires.tun();
        Requires.fping();
    }

    @BeforeEach
    void start() {
        inside = NetworkNamespace.create("tun");
        responder = TunResponder.start(inside);
    }

    @AfterEach
    void stop() {
        try {
            responder.close();
        } finally {
            inside.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {V4, V6})
    void answersAfterTheDelayAskedFor(String address) throws IOException {
        responder.behave(address, Behaviour.delayed(Duration.ofMillis(20)));
        // One after the other, so that no request wakes the responder for the one before.
        FpingResult result = fping(address, 40, "-p", "40");
        assertEquals(40, result.answered());
        List<Double> sorted = result.rttMillis().stream().sorted().toList();
        assertTrue(sorted.get(0) >= 20, result.text());
        // Usually 20.1; a busy machine wakes the responder late.
        assertTrue(sorted.get(20) < 30, result.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {V4, V6})
    void losesTheShareAskedFor(String address) throws IOException {
        responder.behave(Behaviour.honest().losing(0.2));
        int answered = fping(address, 400, "-p", "2").answered();
        assertTrue(answered > 280 && answered < 360, "answered " + answered);
        assertEquals(400 - answered, responder.count(Count.UNANSWERED));
        assertEquals(
                answered,
                responder.requests().stream().filter(Request::answered).count());
    }

    @Test
    void changesWhileRunning() throws IOException {
        assertEquals(5, fping(V4, 5).answered());
        responder.behave("10.9.1.0/24", Behaviour.silent());
        assertEquals(0, fping(V4, 5).answered());
        assertEquals(5, fping("10.9.2.7", 5).answered());
        responder.behave(V4, Behaviour.honest());
        assertEquals(5, fping(V4, 5).answered());
        responder.behave(Behaviour.silent());
        responder.behaveHonestly();
        assertEquals(5, fping("10.9.1.8", 5).answered());
    }

    @Test
    void holdsBehavioursForTheirTime() throws Exception {
        Duration until =
                Duration.ofNanos(System.nanoTime() - responder.startNanos()).plusSeconds(3);
        responder.behave("10.9.0.0/16", Behaviour.silent(), Duration.ZERO, until);
        assertEquals(0, fping(V4, 5).answered());
        await().atMost(PATIENCE)
                .until(() -> System.nanoTime() - responder.startNanos() > until.toNanos() + 100_000_000L);
        assertEquals(5, fping(V4, 5).answered());
    }

    @Test
    void answersOtherNetworksWhenRouted() throws IOException {
        responder.route("192.0.2.0/24");
        assertEquals(5, fping("192.0.2.77", 5).answered());
    }

    @Test
    void duplicates() throws IOException {
        responder.behave(Behaviour.honest().duplicated(2, Duration.ofMillis(1)));
        String said = inside.exec("fping", "-C", "5", "-p", "20", "-t", "1000", "-q", V4)
                .output();
        // fping leaves with the last reply and sees its duplicates only if it was held up until they were there.
        long seen = said.lines().filter(line -> line.contains("duplicate")).count();
        assertTrue(seen >= 8 && seen <= 10, said);
        await().atMost(PATIENCE).until(() -> responder.count(Count.ANSWERS) == 15);
    }

    @Test
    void recordsRequestsAsTheyCame() throws IOException {
        responder.behave(Behaviour.silent());
        long beforeNanos = System.nanoTime();
        inside.exec("fping", "-c", "3", "-p", "100", "-t", "50", "-H", "9", "-O", "184", "-M", "-b", "40", V4);
        inside.exec("fping", "-c", "1", "-t", "50", "-H", "11", "-b", "12", V6);
        await().atMost(PATIENCE).until(() -> responder.requests().size() == 4);
        List<TunResponder.Request> requests = responder.requests(Addresses.parse(V4));
        assertEquals(3, requests.size());
        TunResponder.Request first = requests.get(0);
        assertEquals("10.8.0.1", first.source().toString());
        assertEquals(9, first.hopLimit());
        assertEquals(184, first.trafficClass());
        assertTrue(first.dontFragment());
        assertEquals(40, first.payloadLength());
        assertEquals(32, first.payloadHead().capacity());
        assertEquals(first.identifier(), requests.get(1).identifier());
        assertEquals((first.sequence() + 1) & 0xffff, requests.get(1).sequence());
        long[] times = responder.requestTimes(Addresses.parse(V4));
        assertTrue(times[0] - beforeNanos >= 0 && System.nanoTime() - times[2] >= 0);
        // fping counts the period from when it sent; either of both may have been held up.
        assertTrue(times[2] - times[0] > 100_000_000L && times[2] - times[0] < 5_000_000_000L);
        TunResponder.Request v6 = responder.requests(Addresses.parse(V6)).get(0);
        assertEquals("fd00:8::1", v6.source().toString());
        assertEquals(11, v6.hopLimit());
        assertEquals(12, v6.payloadHead().capacity());
        assertEquals(2, responder.requestTimes().size());
    }

    /** What is spoiled is checked byte by byte in {@code AnswerForgeTest}; here, that it passes the kernel. */
    @Test
    void spoiledAnswersReachTheProber() throws IOException {
        // fping looks neither at the checksum nor at the payload nor at the source.
        for (Answer answer : List.of(Answer.CORRUPT, Answer.FORGED, Answer.PADDED)) {
            responder.behave(Behaviour.honest().answering(answer));
            assertEquals(5, fping(V4, 5).answered(), answer + " over IPv4");
            assertEquals(answer == Answer.CORRUPT ? 0 : 5, fping(V6, 5).answered(), answer + " over IPv6");
        }
        responder.behave(Behaviour.honest().truncatedTo(4));
        assertEquals(5, fping(V4, 5).answered());
        responder.behave(Behaviour.honest().from(IpAddress.v4(0xc0000201)));
        String said = inside.exec("fping", "-c", "1", "-t", "2000", V4).output();
        assertTrue(said.contains("[<- 192.0.2.1]"), said);
        responder.behave(Behaviour.honest().answering(Answer.FOREIGN_SOURCE));
        said = inside.exec("fping", "-c", "1", "-t", "2000", V4).output();
        assertTrue(said.contains("[<- 10.9.1.6]"), said);
        for (Answer answer : List.of(Answer.WRONG_IDENTIFIER, Answer.SILENCE, Answer.GARBAGE)) {
            responder.behave(Behaviour.honest().answering(answer));
            assertEquals(0, fping(V4, 5).answered(), answer + " over IPv4");
            assertEquals(0, fping(V6, 5).answered(), answer + " over IPv6");
        }
        responder.behave(
                Behaviour.honest().answering(Answer.GARBAGE).andHonest().withOptions());
        assertEquals(50, fping(V4, 50).answered());
        assertEquals(50, fping(V6, 50).answered());
        assertEquals(0, responder.count(Count.REFUSED));
    }

    @Test
    void errorsReachTheProber() throws IOException {
        responder.behave(Behaviour.honest().answering(Answer.HOST_UNREACHABLE));
        String said = inside.exec("fping", "-r", "0", "-t", "1000", V4).output();
        assertTrue(said.contains("ICMP Host Unreachable from 10.8.0.254"), said);
        responder.behave(Behaviour.honest().answering(Answer.TIME_EXCEEDED).from(IpAddress.v4(0x0a090101)));
        said = inside.exec("fping", "-r", "0", "-t", "1000", V4).output();
        assertTrue(said.contains("ICMP Time Exceeded from 10.9.1.1"), said);
    }

    /** The kernel counts what it understood, and drops IPv6 with a wrong checksum. */
    @Test
    void everyErrorPassesTheKernel() throws IOException {
        List<Answer> errors =
                Arrays.stream(Answer.values()).filter(Answer::isError).toList();
        int sent = 0;
        for (Answer error : errors) {
            Behaviour plain = Behaviour.honest().answering(error);
            for (Behaviour behaviour : List.of(
                    plain,
                    plain.quoting(8),
                    plain.withOptionsInQuote(),
                    plain.withOptions(),
                    plain.withOptions().withOptionsInQuote().quoting(40))) {
                responder.behave(behaviour);
                inside.exec("fping", "-c", "1", "-t", "50", "-q", V4);
                inside.exec("fping", "-c", "1", "-t", "50", "-q", V6);
                sent += 2;
                long answers = sent;
                // Before the next behaviour holds.
                await().atMost(PATIENCE).until(() -> responder.count(Count.ANSWERS) >= answers);
            }
        }
        assertEquals(sent, responder.count(Count.ANSWERS));
        String v4 = inside.check("nstat", "-a", "-s", "-z");
        long each = 5;
        assertEquals(0, kernelCount(v4, "IcmpInCsumErrors") + kernelCount(v4, "Icmp6InCsumErrors"), v4);
        assertEquals(0, kernelCount(v4, "IpInHdrErrors") + kernelCount(v4, "Ip6InHdrErrors"), v4);
        assertEquals(5 * each, kernelCount(v4, "IcmpInDestUnreachs"), v4);
        assertEquals(each, kernelCount(v4, "IcmpInTimeExcds"), v4);
        assertEquals(each, kernelCount(v4, "IcmpInParmProbs"), v4);
        assertEquals(4 * each, kernelCount(v4, "Icmp6InDestUnreachs"), v4);
        assertEquals(each, kernelCount(v4, "Icmp6InTimeExcds"), v4);
        assertEquals(each, kernelCount(v4, "Icmp6InPktTooBigs"), v4);
        assertEquals(each, kernelCount(v4, "Icmp6InParmProblems"), v4);
    }

    private static long kernelCount(String counters, String name) {
        return counters.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> Long.parseLong(line.strip().split("\\s+", 3)[1]))
                .sum();
    }

    @Test
    void losesNothingOfAnFpingAtFullSpeed() throws Exception {
        responder.behave(Behaviour.delayed(Duration.ofMillis(200)));
        // One fping sends at most some 35,000 a second.
        Command done = inside.exec("fping", "-c", "1", "-i", "0.04", "-t", "3000", "-q", "-s", "-g", "10.9.0.0/17");
        String said = done.output();
        long answered = said.lines()
                .filter(line -> line.contains("ICMP Echo Replies received"))
                .mapToLong(line -> Long.parseLong(line.strip().split(" ", 2)[0]))
                .sum();
        // fping's own receive buffer holds 276 replies: it loses some, many if it gets no processor for 10 ms.
        assertTrue(answered > 16_000, "fping got " + answered);
        await().atMost(PATIENCE)
                .until(() -> responder.count(Count.REQUESTS) >= 32_766 && responder.count(Count.ANSWERS) >= 32_766);
        assertEquals(32_766, responder.count(Count.REQUESTS));
        assertEquals(32_766, responder.count(Count.ANSWERS));
        Cadence cadence = Cadence.of(responder.requestTimes().values(), Duration.ofSeconds(1));
        assertEquals(32_766, cadence.addresses());
    }

    private FpingResult fping(String address, int count, String... more) throws IOException {
        String[] words = {"fping", "-C", Integer.toString(count), "-q", "-t", "1000"};
        String[] period = more.length == 0 ? new String[] {"-p", "5"} : more;
        return FpingResult.of(inside.exec(Command.join(Command.join(words, period), address)));
    }
}
