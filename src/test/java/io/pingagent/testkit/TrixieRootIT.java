package io.pingagent.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Order(1)
@Tag("root")
class TrixieRootIT {

    @TempDir
    Path directory;

    @BeforeAll
    static void requires() {
        TrixieRoot.require();
    }

    @Test
    void holdsTheWholeOfZabbix7() throws IOException {
        for (String program : List.of(
                "zabbix_server",
                "zabbix_agent2",
                "zabbix_sender",
                "zabbix_get",
                "/opt/zabbix-proxy/usr/sbin/zabbix_proxy")) {
            String version = Command.check(TrixieRoot.command(program, "-V"));
            assertTrue(version.contains(" 7.0."), program + ": " + version);
        }
    }

    @Test
    void filesAreTheSameInsideAndOutsideAndNoMountIsLeft() throws IOException {
        Path file = directory.resolve("from inside");
        Command.check(TrixieRoot.command("sh", "-c", "echo trixie >\"$0\"", file.toString()));
        assertEquals("trixie\n", Files.readString(file));
        assertTrue(!Files.readString(Path.of("/proc/self/mounts")).contains(TrixieRoot.path() + "/proc"), "a mount");
    }

    @Test
    void aProcessHasTheIdOfItsCommandAndEndsWithIt() throws Exception {
        Process process = new ProcessBuilder(TrixieRoot.command("sleep", "600")).start();
        try {
            Path cmdline = Path.of("/proc/" + process.pid() + "/cmdline");
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (!Files.readString(cmdline).equals("sleep\000600\000") && System.nanoTime() < deadline) {
                ZabbixStack.sleepMillis(5);
            }
            assertEquals("sleep\000600\000", Files.readString(cmdline));
        } finally {
            process.destroyForcibly();
        }
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    }
}
