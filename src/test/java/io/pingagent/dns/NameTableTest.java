package io.pingagent.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.Addresses;
import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** With a time that the test sets. */
class NameTableTest {

    private static final long SECOND = 1_000_000_000L;
    private static final HostName GW = HostName.parse("host:gw.example.net");
    private static final HostName GW4 = HostName.parse("host4:gw.example.net");
    private static final Answer NO_NAME = Answer.none("no such name (NXDOMAIN)");
    private static final Answer TIMEOUT = Answer.failed("no answer");

    private long now = 5 * SECOND;
    private final NameTable table = new NameTable(60 * SECOND, now);

    private static List<IpAddress> addresses(String... texts) {
        return Stream.of(texts).map(Addresses::parse).toList();
    }

    private static Answer found(long ttlSeconds, String... texts) {
        return Answer.of(addresses(texts), ttlSeconds);
    }

    private Question next() {
        Question question = table.next(now);
        assertNotNull(question, "nothing is due");
        return question;
    }

    private boolean ask(Answer answer) {
        return table.answered(next(), answer, now);
    }

    private Resolved of(HostName name) {
        return table.resolved().get(name);
    }

    private void expectNextAfter(long seconds) {
        now += seconds * SECOND - 1;
        assertNull(table.next(now), "asked before " + seconds + " s");
        now += 1;
    }

    @Test
    void aNameOfBothFamiliesHasTheAddressesOfBoth() {
        table.watch(Set.of(GW), now);
        answerBoth(found(60, "192.0.2.7"), found(60, "2001:db8::7"));
        assertEquals(new Resolved(addresses("192.0.2.7", "2001:db8::7"), 2, ""), of(GW));
    }

    @Test
    void aNameIsAskedAgainAfterItsTtl() {
        table.watch(Set.of(GW4), now);
        assertTrue(ask(found(20, "192.0.2.7")));
        expectNextAfter(20);
        assertFalse(ask(found(20, "192.0.2.7")), "nothing has changed");
    }

    @Test
    void aLongTtlDoesNotPutOffTheReloadInterval() {
        table.watch(Set.of(GW4), now);
        ask(found(86_400, "192.0.2.7"));
        expectNextAfter(60);
    }

    @Test
    void aTtlOfZeroIsNoReasonToAskWithoutPause() {
        table.watch(Set.of(GW4), now);
        ask(found(0, "192.0.2.7"));
        expectNextAfter(5);
    }

    @Test
    void aReloadIntervalOfASecondIsNoReasonEither() {
        NameTable hasty = new NameTable(SECOND, now);
        hasty.watch(Set.of(GW4), now);
        hasty.answered(hasty.next(now), found(1, "192.0.2.7"), now);
        assertNull(hasty.next(now + 5 * SECOND - 1));
        assertNotNull(hasty.next(now + 5 * SECOND));
    }

    @Test
    void oneLostAnswerIsNoFailure() {
        table.watch(Set.of(GW4), now);
        ask(found(60, "192.0.2.7"));
        now += 60 * SECOND;
        assertFalse(ask(TIMEOUT));
        assertEquals("", of(GW4).failure());
        assertFalse(ask(found(60, "192.0.2.7")), "asked once more at once");
        assertEquals("", of(GW4).failure());
    }

    @Test
    void aNameThatFailsKeepsItsAddressAndIsAskedLessAndLessOften() {
        table.watch(Set.of(GW4), now);
        ask(found(60, "192.0.2.7"));
        now += 60 * SECOND;
        ask(TIMEOUT);
        assertFalse(ask(TIMEOUT));
        assertEquals(new Resolved(addresses("192.0.2.7"), 1, "no answer"), of(GW4));
        for (int seconds : new int[] {5, 10, 20, 40, 60, 60}) {
            expectNextAfter(seconds);
            ask(TIMEOUT);
        }
        expectNextAfter(60);
        assertTrue(ask(found(60, "192.0.2.8")));
        assertEquals(new Resolved(addresses("192.0.2.8"), 1, ""), of(GW4));
    }

    @Test
    void aNameThatVanishedKeepsItsAddress() {
        table.watch(Set.of(GW4), now);
        ask(found(60, "192.0.2.7"));
        now += 60 * SECOND;
        assertFalse(ask(NO_NAME));
        assertEquals(new Resolved(addresses("192.0.2.7"), 1, "no such name (NXDOMAIN)"), of(GW4));
        expectNextAfter(60);
    }

    /** The owner took it out of one family; an address of it that is kept would be down for ever. */
    @Test
    void aFamilyThatVanishedWhileTheOtherAnswersIsRemoved() {
        table.watch(Set.of(GW), now);
        answerBoth(found(60, "192.0.2.7"), found(60, "2001:db8::7"));
        now += 60 * SECOND;
        answerBoth(found(60, "192.0.2.7"), Answer.none("no AAAA record"));
        assertEquals(new Resolved(addresses("192.0.2.7"), 1, ""), of(GW));
    }

    @Test
    void aFamilyThatFailsWhileTheOtherAnswersIsKept() {
        table.watch(Set.of(GW), now);
        answerBoth(found(60, "192.0.2.7"), found(60, "2001:db8::7"));
        now += 60 * SECOND;
        answerBoth(found(60, "192.0.2.7"), TIMEOUT);
        ask(TIMEOUT);
        assertEquals(new Resolved(addresses("192.0.2.7", "2001:db8::7"), 2, "no answer", "AAAA"), of(GW));
        assertEquals(
                "group_core: 'host:gw.example.net' has no answer for AAAA: no answer; probed at 192.0.2.7, 2001:db8::7;"
                        + " write host4:gw.example.net if that is all it has, or see what 'dig gw.example.net AAAA' says",
                line());
    }

    @Test
    void aNameIsSaidNotToResolveOnlyIfNoFamilyIsAnswered() {
        table.watch(Set.of(GW), now);
        answerBoth(TIMEOUT, found(60, "2001:db8::7"));
        ask(TIMEOUT);
        assertTrue(line().contains("has no answer for A: no answer; probed at 2001:db8::7; write host6:"), line());
        now += 60 * SECOND;
        answerBoth(TIMEOUT, TIMEOUT);
        ask(TIMEOUT);
        assertTrue(
                line().contains("does not resolve: no answer; probed at its last address 2001:db8::7; correct"),
                line());
    }

    private String line() {
        return NameProblems.of(Map.of("core", Set.of(GW)), table.resolved())
                .get(0)
                .toString();
    }

    private void answerBoth(Answer v4, Answer v6) {
        Question one = next();
        Question two = next();
        table.answered(one, one.isV6 ? v6 : v4, now);
        table.answered(two, two.isV6 ? v6 : v4, now);
    }

    @Test
    void eightAddressesOfANameAreProbedAndAlwaysTheSame() {
        table.watch(Set.of(GW4), now);
        List<String> ten = IntStream.range(1, 11).mapToObj(i -> "192.0.2." + i).toList();
        ask(found(60, ten.toArray(String[]::new)));
        now += 60 * SECOND;
        List<String> turned = new ArrayList<>(ten.subList(5, 10));
        turned.addAll(ten.subList(0, 5));
        assertFalse(ask(found(60, turned.toArray(String[]::new))), "only their order has changed");
        assertEquals(10, of(GW4).found());
        assertEquals(addresses(ten.subList(0, 8).toArray(String[]::new)), of(GW4).addresses());
    }

    @Test
    void whatIsKnownOfAnEarlierRunCountsUntilItIsAnswered() {
        table.watch(Set.of(GW4), now);
        table.recall(GW4, addresses("192.0.2.7"));
        ask(TIMEOUT);
        ask(TIMEOUT);
        assertEquals(new Resolved(addresses("192.0.2.7"), 1, "no answer"), of(GW4));
        expectNextAfter(5);
        ask(found(60, "192.0.2.8"));
        assertEquals(addresses("192.0.2.8"), of(GW4).addresses());
    }

    @Test
    void aThousandNamesThatNobodyAnswersLeaveRoomForTheOthers() {
        Set<HostName> names = names("dead", 1_000);
        table.watch(names, now);
        // Until each of them has failed once.
        List<Question> asked = new ArrayList<>();
        for (int failed = 0; failed < 1_000; ) {
            for (Question next = table.next(now); next != null && !next.isTroubled(); next = table.next(now)) {
                asked.add(next);
            }
            List<Question> fresh =
                    asked.stream().filter(question -> !question.isTroubled()).toList();
            fresh.forEach(question -> table.answered(question, TIMEOUT, now));
            failed += fresh.size();
            asked.clear();
            now += SECOND;
        }
        names.addAll(names("sound", 500));
        table.watch(names, now);
        Set<String> inFlight = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            now += SECOND;
            for (Question next = table.next(now); next != null; next = table.next(now)) {
                inFlight.add(next.host.name());
            }
        }
        assertEquals(NameTable.MOST_IN_FLIGHT, table.inFlight());
        long dead = inFlight.stream().filter(name -> name.startsWith("dead")).count();
        assertTrue(dead <= NameTable.MOST_TROUBLED_IN_FLIGHT, dead + " questions that failed are in flight");
        assertEquals(Long.MAX_VALUE, table.untilNextNanos(now, Long.MAX_VALUE), "nothing to do before an answer");
    }

    private static Set<HostName> names(String prefix, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> HostName.parse("host4:" + prefix + i + ".example.net"))
                .collect(Collectors.toCollection(HashSet::new));
    }

    @Test
    void noMoreThanAThousandQuestionsASecondAreAsked() {
        table.watch(names("n", 10_000), now);
        long end = now + 5 * SECOND;
        int asked = 0;
        while (now - end < 0) {
            for (Question next = table.next(now); next != null; next = table.next(now)) {
                asked++;
                table.answered(next, found(60, "192.0.2.7"), now);
            }
            now += Math.max(SECOND / 1_000, table.untilNextNanos(now, SECOND));
        }
        assertTrue(asked <= 5_050 && asked >= 4_900, asked + " questions in 5 s");
    }

    @Test
    void aNameThatIsWatchedNoMoreIsForgotten() {
        table.watch(Set.of(GW4), now);
        Question asked = next();
        table.watch(Set.of(), now);
        assertFalse(table.answered(asked, found(60, "192.0.2.7"), now));
        assertEquals(0, table.resolved().size());
        assertEquals(0, table.inFlight());
        now += 3_600 * SECOND;
        assertNull(table.next(now));
    }

    @Test
    void namesThatStayKeepWhatIsKnown() {
        table.watch(Set.of(GW4), now);
        ask(found(60, "192.0.2.7"));
        table.watch(Set.of(GW4, GW), now);
        assertEquals(addresses("192.0.2.7"), of(GW4).addresses());
        assertEquals(Resolved.PENDING, of(GW));
    }
}
