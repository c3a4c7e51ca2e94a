package io.pingagent.agent.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RejectedPacketsTest {

    /** Or each trace of the agent would be reported as many refused replies. */
    @Test
    void errorsAboutForeignPacketsDoNotCount() {
        assertEquals(
                7, RejectedPackets.total(Map.of("foreign_error", 500L, "foreign_source", 4L, "malformed_error", 3L)));
    }
}
