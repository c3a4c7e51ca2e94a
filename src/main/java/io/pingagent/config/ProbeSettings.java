package io.pingagent.config;

import io.pingagent.icmp.IcmpOptions;
import io.pingagent.model.IpAddress;
import io.pingagent.model.ProbeProfile;
import io.pingagent.probe.EngineOptions;
import io.pingagent.trace.PathSettings;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How probes are sent. Immutable.
 *
 * @param timeout how long to wait for a reply, 1 ms to 60 s, unless a job has its own
 * @param engine what the engine wants
 * @param icmp what the sockets want
 * @param sourceV4 that of {@code icmp}, or null to let the kernel choose
 * @param sourceV6 that of {@code icmp} with its zone, or null to let the kernel choose
 * @param canaries addresses that answer as long as the agent is connected; may be empty
 * @param path whether and how addresses that go down are traced
 */
public record ProbeSettings(
        Duration timeout,
        EngineOptions engine,
        IcmpOptions icmp,
        @Nullable IpAddress sourceV4,
        @Nullable IpAddress sourceV6,
        List<IpAddress> canaries,
        PathSettings path) {

    public ProbeSettings {
        canaries = List.copyOf(canaries);
    }

    /** How probes are sent of jobs that have no profile. */
    public ProbeProfile profile() {
        return new ProbeProfile(
                icmp.marking().dscp(),
                icmp.payloadBytes(),
                icmp.marking().ttl(),
                sourceV4,
                sourceV6,
                icmp.source().interfaceName(),
                icmp.marking().dontFragment());
    }
}
