package io.pingagent.agent.report;

import com.google.gson.JsonObject;
import io.pingagent.base.OwnUser;
import io.pingagent.config.Config;
import io.pingagent.icmp.IcmpSocket;
import io.pingagent.probe.Sockets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Who this process is and what the kernel has granted it. So {@code doctor} judges the agent by its own rights, and not
 * by those of the user who runs {@code doctor}. Immutable.
 *
 * @param v4 whether it has a raw socket of IPv4
 * @param v6 the same of IPv6
 * @param grantedBytes receive buffer of each socket
 * @param wantedBytes what probe.receive-buffer asks for
 */
public record OwnProcess(boolean v4, boolean v6, int grantedBytes, int wantedBytes) {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int CAP_NET_ADMIN = 12;
    private static final int CAP_NET_RAW = 13;

    public static OwnProcess of(Sockets sockets, Config config) {
        IcmpSocket v4 = sockets.v4();
        return new OwnProcess(
                v4 != null,
                sockets.v6() != null,
                v4 == null ? 0 : v4.receiveBufferBytes(),
                config.probe().icmp().buffers().receiveBytes());
    }

    JsonObject json() {
        JsonObject json = new JsonObject();
        json.addProperty("pid", ProcessHandle.current().pid());
        json.addProperty("host", host());
        json.addProperty("user", OwnUser.name());
        json.addProperty("uid", OwnUser.uid());
        Long capabilities = effectiveCapabilities();
        if (capabilities != null) {
            json.addProperty("capNetRaw", (capabilities >> CAP_NET_RAW & 1) != 0);
            json.addProperty("capNetAdmin", (capabilities >> CAP_NET_ADMIN & 1) != 0);
        }
        json.addProperty("v4", v4);
        json.addProperty("v6", v6);
        json.addProperty("receiveBufferBytes", grantedBytes);
        json.addProperty("receiveBufferWantedBytes", wantedBytes);
        return json;
    }

    /** Name of this machine, without asking any name server. */
    private static String host() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname"), StandardCharsets.UTF_8)
                    .strip();
        } catch (IOException e) {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException unknown) {
                return "";
            }
        }
    }

    private static @Nullable Long effectiveCapabilities() {
        try {
            return Files.readAllLines(STATUS, StandardCharsets.UTF_8).stream()
                    .filter(line -> line.startsWith("CapEff:"))
                    .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                    .findFirst()
                    .orElse(null);
        } catch (IOException | NumberFormatException e) {
            return null;
        }
    }
}
