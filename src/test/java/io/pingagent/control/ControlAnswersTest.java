package io.pingagent.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.AddressStatus;
import io.pingagent.model.IpAddress;
import io.pingagent.model.ProbeSeries;
import io.pingagent.model.Zones;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlAnswersTest {

    private final FakeAgents.Asked prober = new FakeAgents.Asked();
    private final List<String> askedHistories = new ArrayList<>();
    private final Histories histories = (agent, address, last) -> {
        askedHistories.add(agent + " " + address + " " + last);
        return new KeptProbes(
                agent,
                address,
                KeptProbes.State.SHORTENED,
                Duration.ofMinutes(10),
                ProbeSeries.of(
                        new long[] {1_000_000, 1_000_500, 1_001_700},
                        new long[] {412_000, ProbeSeries.LOST, ProbeSeries.UNKNOWN},
                        3));
    };

    private String ask(FakeAgents agents, String key, String... parameters) throws ControlException {
        return new ControlAnswers(agents, prober, histories)
                .answer(new ControlRequest(key, List.of(parameters), 3_000));
    }

    private String refusal(FakeAgents agents, String key, String... parameters) {
        return assertThrows(ControlException.class, () -> ask(agents, key, parameters))
                .getMessage();
    }

    private static FakeAgents agents() {
        return new FakeAgents(FakeAgents.UP, FakeAgents.DOWN, FakeAgents.NEW);
    }

    /** Templates of users and of ours are built on it. */
    private static final AgentFigures FIGURES = new AgentFigures(
            "gza",
            "1",
            true,
            new AgentFigures.Targets(1L, 0L),
            new AgentFigures.Connections(true, null, false),
            new AgentFigures.Problems(0, ""));

    @Test
    void theHistoryOfAnAddressComesBackAsItWasKept() throws ControlException {
        String answer = ask(agents(), "agent.history", "gza", "192.0.2.7", "600");
        assertEquals(
                "{\"agent\":\"gza\",\"address\":\"192.0.2.7\",\"state\":\"shortened\",\"last\":600,\"now\":1001.7,"
                        + "\"probes\":[[1.7,0.000412],[1.2,null],[0]]}",
                answer);
        assertEquals(List.of("gza 192.0.2.7 PT10M"), askedHistories);
        KeptProbes read = HistoryJson.parse(answer);
        assertEquals(KeptProbes.State.SHORTENED, read.state());
        assertEquals(Duration.ofMinutes(10), read.last());
        assertEquals(3, read.series().size());
        assertEquals(1_000_500, read.series().wallMillis(1));
        assertEquals(412_000, read.series().rttNanos(0));
        assertEquals(ProbeSeries.LOST, read.series().rttNanos(1));
        assertEquals(ProbeSeries.UNKNOWN, read.series().rttNanos(2));
    }

    @Test
    void aQuestionForHistoryThatIsNoneIsRefused() {
        assertTrue(refusal(agents(), "agent.history", "gza", "192.0.2.7", "0").contains("a number of seconds"));
        assertTrue(refusal(agents(), "agent.history", "gza", "", "60").contains("no address"));
        assertThrows(ControlException.class, () -> HistoryJson.parse("{\"state\":\"other\"}"));
        assertThrows(ControlException.class, () -> HistoryJson.parse("OK"));
    }

    @Test
    void theDocumentOfAllIsWhatTemplatesRead() throws ControlException {
        assertEquals(
                "{\"agent\":{\"name\":\"gza\",\"version\":\"0.1.0\",\"online\":1,\"targets\":1000,\"errlist\":2,\"redis\":1,"
                        + "\"zabbix\":1,\"isolated\":0,\"problems\":0,\"problem\":\"\"},\"data\":["
                        + "{\"ip\":\"192.0.2.7\",\"name\":\"core-1\",\"group\":\"core\",\"job\":\"core-10s\",\"status\":1,\"errlist\":0,\"loss\":0,"
                        + "\"rtt\":0.000412,\"jitter\":0.000031},"
                        + "{\"ip\":\"192.0.2.8\",\"group\":\"core\",\"job\":\"core-10s\",\"status\":0,\"errlist\":1,\"loss\":100},"
                        + "{\"ip\":\"2001:db8::9\",\"errlist\":0}]}",
                ask(agents(), "ping.get", "gza"));
        assertTrue(ask(agents(), "ping.get").startsWith("{\"agent\":{\"name\":\"gza\""), "without a name");
        assertEquals(
                "{\"name\":\"gza\",\"online\":0}",
                ask(
                        new FakeAgents(
                                new AgentFigures(
                                        "gza",
                                        null,
                                        false,
                                        new AgentFigures.Targets(null, null),
                                        new AgentFigures.Connections(null, null, null),
                                        null),
                                List.of()),
                        "ping.agent.get",
                        "gza"));
    }

    @Test
    void theErrListIsTheSameRowsOfThose() throws ControlException {
        assertEquals(
                "[{\"ip\":\"192.0.2.8\",\"group\":\"core\",\"job\":\"core-10s\",\"status\":0,\"errlist\":1,\"loss\":100}]",
                ask(agents(), "ping.errlist.get", "gza"));
        assertEquals("[]", ask(new FakeAgents(FakeAgents.UP), "ping.errlist.get"));
        assertEquals("[3]", ask(agents(), "ping.discovery"));
    }

    @ParameterizedTest
    @CsvSource({
        "ping.status, 192.0.2.7, 1",
        "ping.status, 192.0.2.8, 0",
        "ping.loss, 192.0.2.7, 0",
        "ping.loss, 192.0.2.8, 100",
        "ping.rtt, 192.0.2.7, 0.000412",
        "ping.jitter, 192.0.2.7, 0.000031",
    })
    void aValueIsPlainText(String key, String address, String value) throws ControlException {
        assertEquals(value, ask(agents(), key, "gza", address));
        assertEquals(value, ask(agents(), key, "", " " + address + " "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ping.status | 2001:db8::9 | neither up nor down",
                "ping.loss | 2001:db8::9 | no probe",
                "ping.rtt | 192.0.2.8 | does not answer",
                "ping.jitter | 192.0.2.8 | no jitter",
                "ping.status | 192.0.2.99 | does not probe 192.0.2.99; add the address",
                "ping.status | 192.0.2.099 | 192.0.2.099",
                "ping.status | router | 'router'",
                "ping.status | 192.0.2.0/24 | is a network",
            })
    void whatIsMissingSaysWhy(String key, String address, String part) {
        String refusal = refusal(agents(), key, "gza", address);
        assertTrue(refusal.contains(part), refusal);
    }

    @Test
    void theNumberOfParametersIsChecked() {
        assertTrue(refusal(agents(), "ping.status", "192.0.2.7").contains("write ping.status[agent,address]"), "one");
        assertTrue(refusal(agents(), "ping.get", "a", "b").contains("(2): write ping.get[agent]"), "two");
        assertTrue(refusal(agents(), "ping.probe").contains("write ping.probe[address,"), "none");
        assertTrue(refusal(agents(), "ping.status", "gza", " ").contains("no address"), "blank");
        assertTrue(refusal(agents(), "icmpping", "x").contains("no key 'icmpping'"), "unknown");
    }

    @Test
    void anotherAgentIsAskedOfItsSource() {
        assertTrue(
                refusal(agents(), "ping.get", "gzb").contains("Redis at 127.0.0.1:6379 is unreachable"), "unreachable");
    }

    /** They are numbered and remembered for ever. */
    @Test
    void askingForUnknownZonesFillsNoTable() {
        for (int i = 0; i < Zones.MAX_ZONES + 10; i++) {
            assertTrue(
                    refusal(agents(), "ping.status", "gza", "fe80::1%a2z" + i).contains("does not probe"), "zone");
        }
        assertEquals(0, Zones.find("a2z1"));
    }

    @Test
    void aTextThatWouldBeTooLongSaysWhatToUseInstead() {
        AddressFigures row = new AddressFigures(
                IpAddress.v4(1),
                null,
                "g".repeat(200),
                "j".repeat(200),
                AddressStatus.UP,
                false,
                new AddressFigures.Quality(0.0, 1L, 1L));
        FakeAgents many = new FakeAgents(FIGURES, Collections.nCopies(5_000, row));
        assertTrue(
                refusal(many, "ping.get").contains("more than 2 MiB; let the agent send its values itself"), "bytes");
        FakeAgents rows = new FakeAgents(FIGURES, Collections.nCopies(1_000_000, row));
        assertTrue(refusal(rows, "ping.get").contains("more than 2 MiB"), "rows");
        assertTrue(refusal(rows, "ping.discovery").contains("more than 2 MiB"), "discovery");
    }

    @Test
    void whoeverIsBehindADeadParentHasAStatusOfItsOwn() throws ControlException {
        FakeAgents behind = new FakeAgents(FakeAgents.BEHIND);
        assertEquals("2", ask(behind, "ping.status", "gza", "192.0.2.9"));
        assertTrue(ask(behind, "ping.get").contains("\"status\":2,\"errlist\":1"), "document");
    }

    /** They take much memory, and whoever asks for one takes none of the others' time for ever. */
    @Test
    @Timeout(60)
    void fewListsAreMadeAtOnceTheNextSaysThatTheAgentIsBusy() throws Exception {
        CountDownLatch isUnderWay = new CountDownLatch(2);
        CountDownLatch isOver = new CountDownLatch(1);
        FakeAgents agents = agents();
        ControlAnswers answers = new ControlAnswers(
                (name, timeoutMillis) -> {
                    if (name.equals("slow")) {
                        isUnderWay.countDown();
                        await(isOver);
                    }
                    return agents.agent("gza", timeoutMillis);
                },
                prober,
                histories);
        ExecutorService askers = Executors.newFixedThreadPool(2);
        try {
            List<Future<String>> slow = new ArrayList<>();
            for (String key : List.of("ping.get", "ping.errlist.get")) {
                slow.add(askers.submit(() -> answers.answer(new ControlRequest(key, List.of("slow"), 30_000))));
            }
            await(isUnderWay);
            for (String key : List.of("ping.get", "ping.errlist.get", "ping.discovery")) {
                ControlRequest request = new ControlRequest(key, List.of("gza"), 30);
                String refusal = assertThrows(ControlException.class, () -> answers.answer(request))
                        .getMessage();
                assertTrue(refusal.contains("busy with 2 other lists"), refusal);
            }
            assertEquals("1", answers.answer(new ControlRequest("ping.status", List.of("", "192.0.2.7"), 30)));
            isOver.countDown();
            for (Future<String> answer : slow) {
                assertTrue(answer.get().contains("192.0.2.8"), "whole");
            }
            assertEquals("[3]", answers.answer(new ControlRequest("ping.discovery", List.of(), 30)));
        } finally {
            askers.shutdownNow();
        }
    }

    private static void await(CountDownLatch latch) throws ControlException {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new ControlException("interrupted", e);
        }
    }

    @Test
    void aProbeHasTheDefaultsOfIcmppingAndItsOwnWay() throws ControlException {
        assertEquals(
                "{\"address\":\"192.0.2.7\",\"sent\":3,\"received\":2,\"loss\":33.3333,\"rtt\":{\"min\":0.001,\"avg\":0.0015,"
                        + "\"max\":0.002},\"jitter\":0.001}",
                ask(agents(), "ping.probe", "192.0.2.7"));
        // 3 s for all: the last reply has what two seconds of sending and the reserve leave.
        assertEquals(new ProbeParameters("192.0.2.7", 3, 1_000, 56, 900, false), prober.parameters());
    }
}
