package io.pingagent.trace;

import java.time.Duration;

/**
 * Whether and how the agent traces addresses that go down. Immutable.
 *
 * @param onDown whether it does
 * @param maxHops highest TTL, 1 to 64
 * @param keyTtl how long a result stays in Redis
 * @param goodInterval how often the path to an address that answers is traced again
 * @param timeout how long an answer is waited for
 */
public record PathSettings(boolean onDown, int maxHops, Duration keyTtl, Duration goodInterval, Duration timeout) {

    /** So that both tries of a sweep end within 5 s of the outage, after a wait of a second for its turn. */
    private static final Duration LONGEST_TIMEOUT = Duration.ofMillis(1_500);

    /** The timeout of probes may be longer; sweeps wait 1.5 s at most. */
    public PathSettings {
        timeout = timeout.compareTo(LONGEST_TIMEOUT) < 0 ? timeout : LONGEST_TIMEOUT;
    }
}
