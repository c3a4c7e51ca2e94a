package io.pingagent.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of {@code job add} that say how the job's probes are sent. */
final class JobProbeOptions {

    @Option(
            names = "--count",
            paramLabel = "PROBES",
            description = "Probes at each place of the round, 1 to 64 (default: 1). Loss and round-trip times use all.")
    private @Nullable Integer count;

    @Option(
            names = "--gap",
            paramLabel = "TIME",
            description = "Time between these probes, for example 200ms or 1s (default: 100ms).")
    private @Nullable String gap;

    /** In the order of the definition. */
    void putInto(Map<String, @Nullable Object> fields) {
        fields.put("count", count);
        fields.put("gap", gap);
    }
}
