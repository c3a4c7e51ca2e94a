package io.pingagent.config;

import java.time.Duration;

/**
 * What the agent keeps of single probes in memory, for {@code plot} and {@code top}.
 *
 * @param last how far back, 0 for nothing
 * @param memoryBytes for all addresses together
 */
public record HistoryConfig(Duration last, long memoryBytes) {

    public boolean isOn() {
        return !last.isZero();
    }
}
