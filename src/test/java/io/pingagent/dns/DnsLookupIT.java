package io.pingagent.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.Addresses;
import io.pingagent.model.DnsServer;
import io.pingagent.testkit.DnsResponder;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a real name server on the loopback address. */
class DnsLookupIT {

    private final DnsResponder server = new DnsResponder("127.0.0.53");
    private final DnsResponder second = new DnsResponder("127.0.0.54");
    private final DnsLookup lookup = new DnsLookup(Stream.of(server, second)
            .map(DnsResponder::server)
            .map(DnsServer::parse)
            .toList());

    @AfterEach
    void stop() {
        server.close();
        second.close();
    }

    private Answer ask(String name, boolean isV6, int attempt) throws Exception {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        lookup.ask(name, isV6, attempt, answer::complete);
        return answer.get(20, TimeUnit.SECONDS);
    }

    private static Answer found(long ttlSeconds, String... texts) {
        return Answer.of(Stream.of(texts).map(Addresses::parse).toList(), ttlSeconds);
    }

    @Test
    void eachFamilyIsAskedForItself() throws Exception {
        server.put("gw.example.net", 30, "192.0.2.7", "2001:db8::7");
        assertEquals(found(30, "192.0.2.7"), ask("gw.example.net", false, 0));
        assertEquals(found(30, "2001:db8::7"), ask("gw.example.net.", true, 0));
    }

    @Test
    void aliasesAreFollowed() throws Exception {
        server.putAlias("www.example.net", 60, "gw.example.net").put("gw.example.net", 30, "192.0.2.7");
        assertEquals(found(30, "192.0.2.7"), ask("www.example.net", false, 0));
    }

    @Test
    void aTruncatedAnswerIsAskedForByTcp() throws Exception {
        server.putTruncated("big.example.net", 30, "192.0.2.7");
        assertEquals(found(30, "192.0.2.7"), ask("big.example.net", false, 0));
        assertTrue(server.asked().stream().anyMatch(DnsResponder.Asked::isTcp));
    }

    @Test
    void emptyAnswersAndFailuresAreDistinguished() throws Exception {
        server.put("v4only.example.net", 30, "192.0.2.7").fail("bad.example.net");
        assertEquals(Answer.none("no AAAA record"), ask("v4only.example.net", true, 0));
        assertEquals(Answer.none("no such name (NXDOMAIN)"), ask("none.example.net.", false, 0));
        assertEquals(Answer.Kind.FAILED, ask("bad.example.net", false, 0).kind());
    }

    @Test
    void aServerThatDoesNotAnswerIsAFailureAndTheNextOneIsAsked() throws Exception {
        server.silence("gw.example.net");
        second.put("gw.example.net", 30, "192.0.2.7");
        assertEquals(Answer.failed("no DNS server answers within 2 s"), ask("gw.example.net", false, 0));
        assertEquals(found(30, "192.0.2.7"), ask("gw.example.net", false, 1));
    }

    @Test
    void aDeadServerIsNotAskedFirstForEver() throws Exception {
        server.dead(true);
        second.put("gw.example.net", 30, "192.0.2.7");
        List<CompletableFuture<Answer>> failed =
                Stream.generate(() -> new CompletableFuture<Answer>()).limit(8).toList();
        failed.forEach(answer -> lookup.ask("gw.example.net", false, 0, answer::complete));
        for (CompletableFuture<Answer> answer : failed) {
            assertEquals(Answer.Kind.FAILED, answer.get(20, TimeUnit.SECONDS).kind());
        }
        assertEquals(found(30, "192.0.2.7"), ask("gw.example.net", false, 0));
    }

    @Test
    void addressesThatCanNeverAnswerAreNoAnswer() throws Exception {
        server.put("void.example.net", 30, "0.0.0.0", "ff02::1").put("half.example.net", 30, "224.0.0.1", "192.0.2.7");
        Answer refused = ask("void.example.net", false, 0);
        assertEquals(Answer.Kind.FAILED, refused.kind());
        assertTrue(refused.reason().contains("0.0.0.0, which can never answer"), refused.reason());
        assertEquals(Answer.Kind.FAILED, ask("void.example.net", true, 0).kind());
        assertEquals(found(30, "192.0.2.7"), ask("half.example.net", false, 0));
    }

    @Test
    void theHostsFileComesFirst() throws Exception {
        assertEquals(
                List.of(Addresses.parse("127.0.0.1")),
                ask("localhost", false, 0).addresses());
        assertEquals(List.of(), server.asked());
    }

    /** Who can guess the port has half of a forged answer. */
    @Test
    void eachQuestionComesFromAPortOfItsOwn() throws Exception {
        server.put("gw.example.net", 30, "192.0.2.7");
        for (int i = 0; i < 20; i++) {
            ask("gw.example.net", false, 0);
        }
        Set<Integer> ports = new HashSet<>();
        server.asked().forEach(asked -> ports.add(asked.clientPort()));
        assertTrue(ports.size() >= 18, ports.size() + " ports for 20 questions");
    }
}
