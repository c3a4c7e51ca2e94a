package io.pingagent.zabbix;

import io.pingagent.model.ZabbixValue;
import io.pingagent.testkit.Directories;
import io.pingagent.zabbix.buffer.ValueBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What the buffer of an agent that does not run holds, for tests of other packages; read from a copy.
 *
 * @param values that no server has acknowledged, oldest first
 * @param made values that were ever put into the buffer, across restarts: each got a number
 */
public record WaitingValues(List<ZabbixValue> values, long made) {

    private static final String QUEUE = "queue";
    private static final int BATCH = 10_000;

    /** @param buffer of the agent */
    public static WaitingValues of(Path buffer) throws IOException {
        Path copy = Files.createTempDirectory("ping-agent-waiting-");
        try {
            try (Stream<Path> files = Files.list(buffer.resolve(QUEUE))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.copy(file, copy.resolve(file.toFile().getName()));
                }
            }
            return read(copy);
        } finally {
            Directories.delete(copy);
        }
    }

    private static WaitingValues read(Path directory) throws IOException {
        List<ZabbixValue> values = new ArrayList<>();
        try (ValueBuffer buffer = new ValueBuffer(
                directory,
                Long.MAX_VALUE / 4,
                Duration.ofDays(3_650),
                () -> TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()))) {
            while (true) {
                ValueBuffer.Batch batch = buffer.peek(BATCH);
                if (batch.values().isEmpty()) {
                    return new WaitingValues(values, batch.endSequence());
                }
                values.addAll(batch.values());
                buffer.acknowledge(batch.endSequence());
            }
        }
    }

    /** Files of the values that wait for a server, oldest first. */
    public static List<Path> segments(Path buffer) throws IOException {
        try (Stream<Path> files = Files.list(buffer.resolve(QUEUE))) {
            return files.filter(file -> file.toString().endsWith(".values"))
                    .sorted()
                    .toList();
        }
    }
}
