package io.pingagent.cli;

import java.util.ArrayList;
import java.util.List;
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

    @Option(names = "--dscp", paramLabel = "DSCP", description = "DSCP of the job's probes, 0 to 63; 46 is EF.")
    private @Nullable Integer dscp;

    @Option(names = "--size", paramLabel = "BYTES", description = "ICMP payload of the job's probes, 32 to 1472.")
    private @Nullable Integer size;

    @Option(names = "--ttl", paramLabel = "HOPS", description = "TTL or hop limit of the job's probes, 1 to 255.")
    private @Nullable Integer ttl;

    @Option(
            names = "--source",
            split = ",",
            paramLabel = "ADDRESS",
            description = "Source of the job's probes: one IPv4 and one IPv6 address at most, with a comma between.")
    private List<String> source = new ArrayList<>();

    @Option(names = "--interface", paramLabel = "NAME", description = "Interface or VRF of the job's probes.")
    private @Nullable String interfaceName;

    @Option(
            names = "--dont-fragment",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Whether the job's probes must not be fragmented.")
    private @Nullable Boolean dontFragment;

    /** In the order of the definition. */
    void putInto(Map<String, @Nullable Object> fields) {
        fields.put("count", count);
        fields.put("gap", gap);
        fields.put("dscp", dscp);
        fields.put("size", size);
        fields.put("ttl", ttl);
        fields.put("source", source.isEmpty() ? null : source.size() == 1 ? source.get(0) : source);
        fields.put("interface", interfaceName);
        fields.put("dontfragment", dontFragment);
    }
}
