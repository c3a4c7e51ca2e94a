package io.pingagent.agent;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.pingagent.e2e.Catalogue;
import io.pingagent.testkit.Requires;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A job with five probes at each place of its round, over a path of which the kernel drops a tenth of the replies. */
@Tag("root")
class SeveralProbesIT {

    private static final String AGENT = "gza";
    private static final List<String> ADDRESSES = Catalogue.range("10.9.1.1", 200);
    private static final int LOSS_PERCENT = 10;
    /** Five probes at each of six places a minute; the ends of the window cut through a burst. */
    private static final int SAMPLES = 30;

    private static final int CUT = 5;
    /** Of the normal distribution, which is near enough to the binomial one with thousands of samples: 99.9 %. */
    private static final double QUANTILE = 3.291;

    /**
     * {@code err-list.enter-after} is high: at the default of 1 each address would be on the err list after its first loss,
     * where it is probed once a second and not by its job.
     */
    @Test
    void theLossOfALossyPathIsReadWithinItsConfidenceIntervalAfterAMinute() throws Exception {
        Requires.nft();
        try (AgentLab lab = new AgentLab("loss")) {
            lab.catalogue()
                    .group("wan", ADDRESSES)
                    .jobWith("\"count\":5,\"gap\":\"200ms\",", "core", "*/10 * * * * *", "wan");
            lab.namespace().loseEchoReplies(LOSS_PERCENT);
            lab.start(AGENT, "redis.status-interval", "1s", "err-list.enter-after", "1000");
            await().atMost(Duration.ofMinutes(2)).until(() -> hasFullWindows(lab.catalogue()));
            int sent = 0;
            int returned = 0;
            for (JsonObject status : lab.catalogue().status(AGENT).values()) {
                int sendCount = status.get("SendCount").getAsInt();
                assertTrue(Math.abs(sendCount - SAMPLES) <= CUT, status::toString);
                assertFalse(status.get("InErrList").getAsBoolean(), status::toString);
                sent += sendCount;
                returned += status.get("ReturnCount").getAsInt();
            }
            double share = LOSS_PERCENT / 100.0;
            assertEquals(share, 1 - (double) returned / sent, QUANTILE * Math.sqrt(share * (1 - share) / sent));
        }
    }

    private static boolean hasFullWindows(Catalogue catalogue) {
        Map<String, JsonObject> status = catalogue.status(AGENT);
        // On average the ends of the window cut nothing off.
        return status.values().stream()
                        .mapToInt(address -> address.get("SendCount").getAsInt())
                        .sum()
                >= (SAMPLES - 1) * ADDRESSES.size();
    }
}
