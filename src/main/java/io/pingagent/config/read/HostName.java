package io.pingagent.config.read;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The name of this machine without asking the DNS. */
public final class HostName {

    private static final Path KERNEL_HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private HostName() {}

    /** The part before the first dot; empty if the machine has no name. */
    public static String shortName(Map<String, String> environment) {
        return shortName(KERNEL_HOST_NAME, environment);
    }

    static String shortName(Path kernelHostName, Map<String, String> environment) {
        String name;
        try {
            name = Files.readString(kernelHostName).strip();
        } catch (IOException e) {
            name = "";
        }
        if (name.isEmpty()) {
            name = environment.getOrDefault("HOSTNAME", "").strip();
        }
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }
}
