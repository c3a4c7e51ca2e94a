package io.pingagent.agent.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.jobs.JobParser;
import io.pingagent.jobs.ParsedJob;
import io.pingagent.model.ProbeProfile;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class JobSetupTest {

    private static long ttlMillis(String fields) {
        ParsedJob parsed = JobParser.parse("{" + fields + ",\"group\":[\"g1\"]}", "core", "job_core");
        return new JobSetup(
                        Objects.requireNonNull(parsed.job()),
                        Objects.requireNonNull(parsed.spec()),
                        List.of(),
                        1_000_000_000L)
                .settings(ProbeProfile.DEFAULT)
                .ttlMillis();
    }

    @Test
    void everyTtlOutlivesTheGapAndTheTimeout() {
        assertEquals(21_000, ttlMillis("\"SPEC\":\"*/10 * * * * *\""));
        assertEquals(30_000, ttlMillis("\"SPEC\":\"*/10 * * * * *\",\"pttl\":30"));
        assertEquals(2 * 10 * 86_400_000L + 1_000, ttlMillis("\"SPEC\":\"@every 240h\""));
        // Twice the gap would be more than a TTL can be.
        long ttlMillis = ttlMillis("\"SPEC\":\"@every 550h\"");
        assertEquals(2_000_000_000L, ttlMillis);
        assertTrue(ttlMillis > 550 * 3_600_000L + 60_000, ttlMillis + " ms");
    }
}
