package io.pingagent.config.read;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostNameTest {

    @TempDir
    Path directory;

    @Test
    void theHostNameIsTheShortOne() throws IOException {
        Path kernel = Files.writeString(directory.resolve("hostname"), "gza.example.net\n");
        assertEquals("gza", HostName.shortName(kernel, Map.of()));
        Path missing = directory.resolve("missing");
        assertEquals("gzc", HostName.shortName(missing, Map.of("HOSTNAME", "gzc.example.net")));
        assertEquals("", HostName.shortName(missing, Map.of()));
    }
}
