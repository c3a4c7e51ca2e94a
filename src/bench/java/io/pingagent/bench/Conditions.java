package io.pingagent.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Where and with what was measured; printed with every table. Stateless. */
final class Conditions {

    private Conditions() {}

    static List<String> lines(List<String> jvmOptions) throws IOException {
        String processor = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .findFirst()
                .orElse(System.getProperty("os.arch"));
        String memory = Files.readAllLines(Path.of("/proc/meminfo")).get(0).replaceAll("\\D", "");
        List<String> lines = new ArrayList<>();
        lines.add("date:     " + Instant.now().truncatedTo(ChronoUnit.SECONDS));
        lines.add("machine:  " + Runtime.getRuntime().availableProcessors() + " x " + processor + ", "
                + Long.parseLong(memory) / 1024 + " MiB");
        lines.add("kernel:   " + Files.readString(Path.of("/proc/sys/kernel/osrelease")).trim());
        lines.add("JDK:      " + System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version") + ", "
                + String.join(" ", jvmOptions));
        lines.add("Redis:    " + Processes.firstLine("redis-server", "--version"));
        lines.add("fping:    " + Processes.firstLine("fping", "--version"));
        lines.add("commit:   " + Processes.firstLine("git", "-c", "safe.directory=*", "describe", "--always", "--dirty"));
        lines.add("load:     " + CpuTimes.loadAverage() + " at the start; per run see 'foreign load' and 'load average'");
        return lines;
    }
}
