package io.pingagent.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A class that was renamed would be missing in the archive, and nobody would see more than slower commands. */
class RehearsalTest {

    @Test
    void everyClassOfALibraryIsThere() {
        assertFalse(Rehearsal.LIBRARIES.isEmpty());
        for (String name : Rehearsal.LIBRARIES) {
            assertDoesNotThrow(
                    () -> Class.forName(name, false, Rehearsal.class.getClassLoader()), name + " in Rehearsal");
        }
    }

    @Test
    void everyPrefixOfOurOwnNamesAClass() throws Exception {
        Path classes = Path.of(Rehearsal.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<String> names = namesBelow(classes);
        for (String prefix : Rehearsal.OWN) {
            assertTrue(names.stream().anyMatch(name -> name.startsWith(prefix)), prefix + " in Rehearsal");
        }
    }

    private static List<String> namesBelow(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(file -> directory.relativize(file).toString()).toList();
        }
    }
}
