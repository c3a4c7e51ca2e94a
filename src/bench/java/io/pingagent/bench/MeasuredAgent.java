package io.pingagent.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/** The packaged agent as a process, and what it tells in Redis. One thread. */
final class MeasuredAgent implements AutoCloseable {

    private static final int STATS_POLL_MILLIS = 50;
    private static final long STATS_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int STOP_SECONDS = 30;

    private final Process process;
    private final Path log;
    private final Jedis redis;
    private String lastStats = "";

    MeasuredAgent(AgentFile file, Redis server, GcLog gcLog) throws IOException {
        log = Files.createTempFile("ping-agent-bench-", ".log");
        ProcessBuilder builder = new ProcessBuilder(Processes.guarded(Processes.agentCommand(
                        "run", "--config", file.path().toString())))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("PING_AGENT_JAVA_OPTS", gcLog.jvmOption());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        process = builder.start();
        redis = server.connect();
    }

    long pid() {
        return process.pid();
    }

    Jedis redis() {
        return redis;
    }

    /**
     * The next {@code agent-stats} that differs from the last one asked for; the agent writes them every 10 s.
     *
     * @throws IOException if none comes, with the agent's log
     */
    JsonObject nextStats() throws IOException {
        long deadlineNanos = System.nanoTime() + STATS_PATIENCE_NANOS;
        while (System.nanoTime() - deadlineNanos < 0 && process.isAlive()) {
            String text = redis.get("agent-stats_" + AgentFile.AGENT);
            if (text != null && !text.equals(lastStats)) {
                lastStats = text;
                return JsonParser.parseString(text).getAsJsonObject();
            }
            Processes.pauseMillis(STATS_POLL_MILLIS);
        }
        throw new IOException("the agent tells nothing:\n" + Files.readString(log));
    }

    /** As {@link #nextStats}, of this moment: not those that were written while nobody asked. */
    JsonObject freshStats() throws IOException {
        lastStats = String.valueOf(redis.get("agent-stats_" + AgentFile.AGENT));
        return nextStats();
    }

    /** Waits until all addresses are probed at their cadence: known, and three quarters of them sent to per 10 s. */
    JsonObject awaitCadence(int addresses) throws IOException {
        JsonObject stats = nextStats();
        for (int i = 0; i < 12; i++) {
            if (stats.get("targets").getAsInt() == addresses
                    && stats.get("probesPerSecond").getAsDouble() > addresses * 0.075) {
                return stats;
            }
            stats = nextStats();
        }
        throw new IOException("the agent does not reach its cadence: " + stats + "\n" + Files.readString(log));
    }

    /** Whether it says that it knows so many addresses. */
    boolean hasScheduled(int addresses) throws IOException {
        String known = "jobs: 1, addresses: " + addresses + " ";
        return Files.readAllLines(log).stream().anyMatch(line -> line.contains(known));
    }

    /** RTTs of last-ms keys in microseconds: those of every {@code step}-th address. */
    Quantiles lastRttMicros(int addresses, int step) {
        double[] micros = new double[addresses / step + 1];
        int count = 0;
        for (int first = 0; first < addresses; first += step * 1_000) {
            String[] keys = new String[Math.min(1_000, (addresses - first + step - 1) / step)];
            for (int i = 0; i < keys.length; i++) {
                keys[i] = lastMsKey(first + i * step);
            }
            for (String value : redis.mget(keys)) {
                if (value != null) {
                    micros[count++] = Double.parseDouble(value) * 1_000;
                }
            }
        }
        return new Quantiles(micros, count);
    }

    static String lastMsKey(int index) {
        return "agent-ip-last-ms_" + AgentFile.AGENT + '_' + AddressRange.text(index);
    }

    /** Members of the err list. */
    long errListSize() {
        return redis.scard("agent-err-list_" + AgentFile.AGENT);
    }

    /** Some members of the err list, for a person to look at. */
    String someOfErrList() {
        ScanResult<String> some = redis.sscan("agent-err-list_" + AgentFile.AGENT, "0", new ScanParams().count(10));
        return String.join(" ", some.getResult());
    }

    /** Warnings and errors that it logged. */
    String complaints() throws IOException {
        return String.join(
                "\n",
                Files.readAllLines(log).stream()
                        .filter(line -> line.contains("WARN") && !line.contains("err list:") || line.contains("ERROR"))
                        .limit(20)
                        .toList());
    }

    @Override
    public void close() throws IOException {
        redis.close();
        Processes.stop(process, STOP_SECONDS);
        Files.delete(log);
    }
}
