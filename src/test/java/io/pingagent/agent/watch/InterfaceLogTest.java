package io.pingagent.agent.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterfaceLogTest {

    private static final long SECOND = 1_000_000_000L;
    private static final String AWAY = "probe.interface 'ppp0': there is no such interface";

    private final List<String> lines = new ArrayList<>();
    private List<String> problems = List.of();
    private final InterfaceLog log = new InterfaceLog(() -> problems, lines::add, lines::add, 0);

    @Test
    void saysOnceThatAnInterfaceIsAwayAndOnceThatItIsBack() {
        problems = List.of(AWAY);
        for (int i = 0; i < 30; i++) {
            log.write(i * SECOND);
        }
        problems = List.of();
        log.write(30 * SECOND);
        log.write(31 * SECOND);
        assertEquals(
                List.of(AWAY + "; probes that need it are lost until it is back", "over after 30 s: " + AWAY), lines);
    }

    @Test
    void anInterfaceThatFlapsDoesNotFillTheLogAndTheLastWordIsRight() {
        for (int i = 0; i < 3_600; i++) {
            problems = i % 2 == 0 ? List.of(AWAY) : List.of();
            log.write(i * SECOND);
        }
        assertTrue(lines.size() <= 60 * InterfaceLog.LINES_A_MINUTE, () -> lines.size() + " lines");
        for (int i = 3_600; i < 3_662; i++) {
            log.write(i * SECOND);
        }
        assertTrue(lines.get(lines.size() - 1).startsWith("over after"), () -> lines.get(lines.size() - 1));
    }
}
