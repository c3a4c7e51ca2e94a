package io.pingagent.bench;

import static io.pingagent.bench.Observer.DEPARTING;
import static io.pingagent.bench.Observer.REPLY;
import static io.pingagent.bench.Observer.REQUEST;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pingagent.bench.Sightings.Matching;
import io.pingagent.bench.Sightings.Probe;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which reply belongs to which request. */
class SightingsTest {

    private static final int ADDRESS = 0xff10_0001;

    private final Matching matching = new Matching();

    @Test
    void replyBelongsToTheRequestOfItsAddressIdentifierAndSequence() {
        matching.note(REQUEST, ADDRESS, 0xfffe, 7, 1_000);
        matching.note(REQUEST, ADDRESS, 0xfffe, 8, 2_000);
        matching.note(REQUEST, ADDRESS, 5, 7, 3_000);
        matching.note(REQUEST, ADDRESS + 1, 0xfffe, 7, 4_000);
        matching.note(REPLY, ADDRESS, 0xfffe, 8, 9_000);
        matching.note(REPLY, ADDRESS, 0xfffe, 7, 9_500);
        assertEquals(
                List.of(new Probe(ADDRESS, 8, 0, 2_000, 7_000, 1_000), new Probe(ADDRESS, 7, 0, 1_000, 8_500, 0)),
                matching.probes());
    }

    @Test
    void largestSequenceNumberStaysPositive() {
        matching.note(REQUEST, ADDRESS, 1, 0xffff, 1_000);
        matching.note(REPLY, ADDRESS, 1, 0xffff, 1_500);
        assertEquals(List.of(new Probe(ADDRESS, 0xffff, 0, 1_000, 500, 0)), matching.probes());
    }

    @Test
    void unansweredRequestsAndStrangeRepliesAreLeftOut() {
        matching.note(REQUEST, ADDRESS, 1, 1, 1_000);
        matching.note(REPLY, ADDRESS, 1, 2, 2_000);
        assertEquals(List.of(), matching.probes());
    }

    @Test
    void secondReplyIsNotAnotherProbe() {
        matching.note(REQUEST, ADDRESS, 1, 1, 1_000);
        matching.note(REPLY, ADDRESS, 1, 1, 2_000);
        matching.note(REPLY, ADDRESS, 1, 1, 3_000);
        assertEquals(List.of(new Probe(ADDRESS, 1, 0, 1_000, 1_000, 0)), matching.probes());
    }

    @Test
    void departureIsFoundEvenIfItWasNotedLast() {
        matching.note(REQUEST, ADDRESS, 1, 1, 1_000);
        matching.note(REPLY, ADDRESS, 1, 1, 2_000);
        matching.note(DEPARTING, ADDRESS, 1, 1, 400);
        assertEquals(List.of(new Probe(ADDRESS, 1, 400, 1_000, 1_000, 0)), matching.probes());
    }
}
