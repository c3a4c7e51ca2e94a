package io.pingagent.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class IgnoredSignalsTest {

    private static List<String> problems(String mask) {
        return IgnoredSignals.problems(List.of("Name:\tjava", "SigBlk:\t0000000000004001", "SigIgn:\t" + mask));
    }

    @Test
    void tellsHangupAndTerminationFromWhatJavaItselfIgnores() {
        // SIGPIPE, as in every Java.
        assertEquals(List.of(), problems("0000000000001000"));
        assertEquals(1, problems("0000000000001001").size());
        assertTrue(problems("0000000000000001").get(0).startsWith("SIGHUP is ignored, as after nohup"));
        assertTrue(problems("0000000000004000").get(0).startsWith("SIGTERM is ignored"));
        assertEquals(2, problems("ffffffffffffffff").size());
    }
}
