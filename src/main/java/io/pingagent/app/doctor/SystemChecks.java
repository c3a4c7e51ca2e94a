package io.pingagent.app.doctor;

import io.pingagent.base.NotPermittedException;
import io.pingagent.base.OwnUser;
import io.pingagent.base.PlatformTrouble;
import io.pingagent.config.Config;
import io.pingagent.icmp.IcmpSocket;
import io.pingagent.probe.Sockets;
import java.util.ArrayList;
import java.util.List;

/**
 * The checks of {@code doctor} that need sockets of its own: what they find holds for the user who runs it, and every line
 * says so.
 */
public final class SystemChecks {

    private static final String RIGHTS = "raw sockets";
    private static final String BUFFER = "receive buffer";
    private static final String V6 = "IPv6";

    private SystemChecks() {}

    public static List<Check> run(Config config) {
        List<Check> checks = new ArrayList<>();
        try {
            Sockets sockets = Sockets.open(config.probe().icmp(), true, true);
            checks.add(Check.ok(RIGHTS, "allowed to " + who()));
            try (IcmpSocket v4 = sockets.v4()) {
                if (v4 != null) {
                    checks.add(buffer(
                            v4.receiveBufferBytes(),
                            config.probe().icmp().buffers().receiveBytes()));
                }
            }
            try (IcmpSocket v6 = sockets.v6()) {
                checks.add(
                        v6 != null
                                ? Check.ok(V6, "available to " + who())
                                : Check.warn(
                                        V6, "not available to " + who(), "only needed for IPv6 addresses in groups"));
            }
        } catch (NotPermittedException e) {
            checks.add(Check.fail(
                    Check.Outcome.NOT_PERMITTED, RIGHTS, who() + ": " + e.getMessage(), "see 'Rights' in security.md"));
        } catch (LinkageError e) {
            checks.add(Check.fail(
                    Check.Outcome.SERVICE_UNREACHABLE, RIGHTS, PlatformTrouble.what(e), PlatformTrouble.remedy(e)));
        } catch (RuntimeException e) {
            checks.add(Check.fail(
                    Check.Outcome.SERVICE_UNREACHABLE,
                    RIGHTS,
                    who() + ": " + e.getMessage(),
                    "look at the probe.* keys of the configuration"));
        }
        return checks;
    }

    private static String who() {
        return "this process (user " + OwnUser.name() + ")";
    }

    private static Check buffer(int grantedBytes, int wantedBytes) {
        String found = grantedBytes / 1024 + " KiB of " + wantedBytes / 1024
                + " KiB wanted (probe.receive-buffer), for " + who();
        return grantedBytes >= wantedBytes
                ? Check.ok(BUFFER, found)
                : Check.warn(
                        BUFFER,
                        found,
                        "give CAP_NET_ADMIN, or raise net.core.rmem_max: a short buffer loses replies in a burst");
    }
}
