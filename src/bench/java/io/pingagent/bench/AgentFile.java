package io.pingagent.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** A configuration file for one run, the product's defaults but for what is said here. One thread. */
final class AgentFile implements AutoCloseable {

    static final String AGENT = "bench";

    /** Far above what any machine sends. */
    static final int NO_RATE_LIMIT = 10_000_000;

    private final Path directory;
    private final Path file;

    /**
     * @param redis null if there is none
     * @param sink null if nothing goes to Zabbix
     * @param rateLimit packets per second
     * @param transmitTimestamps value of {@code probe.transmit-timestamps}, or {@code default}
     */
    AgentFile(Redis redis, SinkProcess sink, int rateLimit, String transmitTimestamps) throws IOException {
        directory = Files.createTempDirectory("ping-agent-bench-");
        file = directory.resolve("ping-agent.yaml");
        StringBuilder text = new StringBuilder();
        text.append("agent:\n  name: ").append(AGENT).append('\n');
        text.append("probe:\n  rate-limit: ").append(rateLimit).append('\n');
        if (!transmitTimestamps.equals("default")) {
            text.append("  transmit-timestamps: \"").append(transmitTimestamps).append("\"\n");
        }
        if (redis != null) {
            text.append("redis:\n  url: ").append(redis.url()).append("\n  last-ms-format: decimal\n");
        }
        if (sink != null) {
            text.append("zabbix:\n  servers: [\"127.0.0.1:").append(sink.port()).append("\"]\n");
            text.append("  groups: [\"zabbix\"]\n  buffer:\n    directory: ")
                    .append(directory.resolve("values"))
                    .append('\n');
        }
        Files.writeString(file, text);
    }

    Path path() {
        return file;
    }

    @Override
    public void close() throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
