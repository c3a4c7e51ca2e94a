package io.pingagent.testkit;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.pingagent.testkit.ZabbixStack.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("root")
class ZabbixStackIT {

    @BeforeAll
    static void requires() {
        ZabbixStack.require();
    }

    @ParameterizedTest
    @EnumSource
    void keepsItsDataOverAnOutageAndLeavesNothingBehind(ZabbixVersion version) throws IOException {
        Path directory;
        try (ZabbixStack stack = ZabbixStack.started(version, "StartTrappers=2")) {
            directory = stack.directory();
            // Values older than the item's history would be taken and lost.
            long now = System.currentTimeMillis() / 1_000;
            assertTrue(processes(directory).size() >= 3, processes(directory).toString());
            String host = stack.api().createHost("gza");
            JsonObject item =
                    ZabbixApi.object("name", "n", "key_", "k", "hostid", host, "type", "2", "value_type", "0");
            stack.api().call("item.create", item);
            stack.reloadConfiguration();
            stack.sendAccepted(List.of(new Value("gza", "k", now, 123_456_789, "1.5")));
            assertEquals(
                    new ZabbixStack.Sent(1, 1),
                    stack.send(List.of(
                            new Value("gza", "k", now + 1, 1, "2.5"), new Value("gza", "unknown", now + 1, 1, "2.5"))));
            stack.stopServer();
            assertThrows(IOException.class, () -> stack.send(List.of(new Value("gza", "k", now + 2, 1, "3.5"))));
            assertEquals(
                    now + ".123456789 1.5," + (now + 1) + ".000000001 2.5",
                    stack.api().history(stack.api().items(host).get("k")).stream()
                            .map(value -> String.format("%d.%09d %s", value.clock(), value.nanos(), value.value()))
                            .collect(Collectors.joining(",")));
            stack.startServer();
            stack.sendAccepted(List.of(new Value("gza", "k", now + 2, 1, "3.5")));
            IOException refused = assertThrows(
                    IOException.class, () -> stack.api().call("item.create", ZabbixApi.object("name", "n")));
            assertTrue(refused.getMessage().contains("item.create is refused"), refused.getMessage());
        }
        assertFalse(Files.exists(directory));
        // Killed, but perhaps not gone yet.
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertEquals(List.of(), processes(directory)));
    }

    @Test
    void tellsWhyTheServerDoesNotStart() {
        UncheckedIOException refused =
                assertThrows(UncheckedIOException.class, () -> ZabbixStack.started("NoSuchSetting=1"));
        assertTrue(refused.getMessage().contains("NoSuchSetting"), refused.getMessage());
    }

    /** Command lines with this directory in them; PostgreSQL's own children name theirs otherwise, and go with it. */
    private static List<String> processes(Path directory) throws IOException {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.map(process -> {
                        try {
                            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                                    .replace('\0', ' ');
                        } catch (IOException e) {
                            return "";
                        }
                    })
                    .filter(line -> line.contains(directory.toString()))
                    .toList();
        }
    }
}
