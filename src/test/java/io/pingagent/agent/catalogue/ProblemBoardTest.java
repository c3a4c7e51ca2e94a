package io.pingagent.agent.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pingagent.model.Problem;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProblemBoardTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Problem REFUSED = new Problem("key", "Redis refuses SET", "allow it");

    private Instant now = START;

    private final ProblemBoard board = new ProblemBoard((InstantSource) () -> now);

    @Test
    void problemThatHappensMoreOftenIsTheSameOne() {
        board.set(ProblemBoard.Source.STATE, Map.of(REFUSED, 1L));
        now = START.plusSeconds(60);
        board.set(ProblemBoard.Source.STATE, Map.of(REFUSED, 200L));
        assertEquals(
                List.of(new ProblemBoard.Present(ProblemBoard.Source.STATE, REFUSED, START, 200)), board.present());
    }

    @Test
    void eachSourceReplacesItsOwnProblemsOnly() {
        board.set(ProblemBoard.Source.CATALOGUE, List.of(REFUSED));
        board.set(ProblemBoard.Source.STATE, Map.of());
        board.set(ProblemBoard.Source.REDIS, List.of());
        assertEquals(
                List.of(new ProblemBoard.Present(ProblemBoard.Source.CATALOGUE, REFUSED, START, 0)), board.present());
        board.set(ProblemBoard.Source.CATALOGUE, List.of());
        assertEquals(List.of(), board.present());
    }
}
