package io.pingagent.bench;

import io.pingagent.model.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The addresses that are probed: 127.16.0.0 and up, all of which the loopback device answers for. Stateless. */
public final class AddressRange {

    private static final int FIRST = 0x7f10_0000;
    private static final int FIRST_DEAD = 0x0a4d_0100;

    /** Those that still lie in 127.0.0.0/8. */
    static final int MAX = 15 << 20;

    private AddressRange() {}

    public static int bits(int index) {
        return FIRST + index;
    }

    /** An address of the network that {@link #attachDeadNetwork} makes. */
    public static int deadBits(int index) {
        return FIRST_DEAD + index;
    }

    /** A directly attached network, 10.77.0.0/16, in which nobody answers. Done once per namespace. */
    static void attachDeadNetwork() throws IOException {
        if (Files.exists(Path.of("/proc/self/net/dev"))
                && Files.readString(Path.of("/proc/self/net/dev")).contains("dead0:")) {
            return;
        }
        for (String arguments : List.of(
                "link add dead0 type veth peer name dead1",
                "addr add 10.77.0.1/16 dev dead0",
                "link set dead0 up",
                "link set dead1 up")) {
            List<String> command = new ArrayList<>(List.of("ip"));
            command.addAll(List.of(arguments.split(" ")));
            String complaint = Processes.output(Map.of(), command);
            if (!complaint.isEmpty()) {
                throw new IOException("ip " + arguments + ": " + complaint);
            }
        }
    }

    static String text(int index) {
        return textOf(bits(index));
    }

    static String textOf(int bits) {
        return IpAddress.v4(bits).toString();
    }
}
