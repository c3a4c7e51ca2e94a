package io.pingagent.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What all processors of the machine did since it started, from the first line of {@code /proc/stat}, in seconds of one
 * processor. Immutable.
 *
 * @param busySeconds user, system, interrupts
 * @param softirqSeconds of these, soft interrupts outside of any process
 * @param stealSeconds taken away by the host
 */
record CpuTimes(double busySeconds, double softirqSeconds, double stealSeconds) {

    /** USER_HZ, which Linux fixes for all programs. */
    static final double TICKS_PER_SECOND = 100;

    static CpuTimes now() throws IOException {
        String[] words =
                Files.readAllLines(Path.of("/proc/stat")).get(0).trim().split(" +", -1);
        double[] seconds = new double[9];
        for (int i = 1; i <= 8; i++) {
            seconds[i] = Long.parseLong(words[i]) / TICKS_PER_SECOND;
        }
        // user nice system idle iowait irq softirq steal
        return new CpuTimes(seconds[1] + seconds[2] + seconds[3] + seconds[6] + seconds[7], seconds[7], seconds[8]);
    }

    CpuTimes since(CpuTimes earlier) {
        return new CpuTimes(
                busySeconds - earlier.busySeconds,
                softirqSeconds - earlier.softirqSeconds,
                stealSeconds - earlier.stealSeconds);
    }

    /** Processes that ran or wanted to, averaged over a minute. */
    static double loadAverage() throws IOException {
        return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ", -1)[0]);
    }
}
