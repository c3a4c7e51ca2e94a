package io.pingagent.config;

import io.pingagent.config.read.Settings;
import io.pingagent.icmp.IcmpOptions;
import io.pingagent.model.IpAddress;
import io.pingagent.probe.EngineOptions;
import io.pingagent.probe.Sockets;
import io.pingagent.trace.PathSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks the keys {@code probe.*} together and builds the {@link ProbeSettings} of them and of {@code err-list.*}. */
final class ProbeSection {

    private static final int SEND_BATCH = 64;
    private static final int RECEIVE_BATCH = 256;

    private final Settings settings;
    private final Checks checks;

    ProbeSection(Settings settings, Checks checks) {
        this.settings = settings;
        this.checks = checks;
    }

    void check() {
        checkSource(false);
        checkSource(true);
    }

    /** Only after {@link #check} has found nothing. */
    ProbeSettings build() {
        return new ProbeSettings(
                settings.get(Keys.TIMEOUT),
                engine(),
                icmp(),
                source(false),
                source(true),
                settings.get(Keys.CANARIES),
                path());
    }

    private EngineOptions engine() {
        return new EngineOptions(
                settings.get(Keys.RATE_LIMIT),
                settings.get(Keys.ENTER_AFTER),
                settings.get(Keys.RECOVER_LOSS) / 100,
                settings.get(Keys.IDENTIFIER_INTERVAL).toNanos(),
                settings.get(Keys.TRANSMIT_TIMESTAMPS),
                settings.get(Keys.ISOLATION_SHARE) / 100);
    }

    private PathSettings path() {
        return new PathSettings(
                settings.get(Keys.PATH_ON_DOWN),
                settings.get(Keys.PATH_MAX_HOPS),
                settings.get(Keys.PATH_KEY_TTL),
                settings.get(Keys.PATH_GOOD_INTERVAL),
                settings.get(Keys.TIMEOUT));
    }

    private IcmpOptions icmp() {
        IcmpOptions.Source source = new IcmpOptions.Source(
                Sockets.v4(source(false)),
                Sockets.v6(source(true)),
                Sockets.zone(source(true)),
                settings.orNull(Keys.INTERFACE));
        IcmpOptions.Marking marking = new IcmpOptions.Marking(
                settings.get(Keys.DSCP),
                settings.get(Keys.TTL),
                settings.get(Keys.MARK),
                settings.get(Keys.DONT_FRAGMENT));
        IcmpOptions.Buffers buffers =
                new IcmpOptions.Buffers(Math.toIntExact(settings.get(Keys.RECEIVE_BUFFER)), SEND_BATCH, RECEIVE_BATCH);
        return new IcmpOptions(settings.get(Keys.SIZE), source, marking, buffers);
    }

    private void checkSource(boolean v6) {
        int addresses = sources(v6).size();
        if (addresses > 1) {
            checks.add(
                    Keys.SOURCE,
                    "it has " + addresses + " " + (v6 ? "IPv6" : "IPv4") + " addresses",
                    "write one IPv4 and one IPv6 address at most");
        }
    }

    private @Nullable IpAddress source(boolean v6) {
        return sources(v6).stream().findFirst().orElse(null);
    }

    private List<IpAddress> sources(boolean v6) {
        List<IpAddress> sources = settings.orNull(Keys.SOURCE);
        return sources == null
                ? List.of()
                : sources.stream().filter(address -> address.isV6() == v6).toList();
    }
}
