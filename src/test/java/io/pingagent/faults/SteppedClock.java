package io.pingagent.faults;

import io.pingagent.testkit.Command;
import io.pingagent.testkit.Requires;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * A wall clock for some processes that can be stepped without touching the machine's, by a preloaded library that is
 * compiled when first used. Needs gcc. Any thread.
 */
final class SteppedClock {

    private final Path file;

    /** One that is right at first. */
    SteppedClock(String name) {
        file = FaultRun.DIRECTORY.resolve(name + ".clock").toAbsolutePath();
    }

    static void requires() {
        Requires.program("gcc", "gcc libc6-dev");
    }

    /** Variables of the processes that live by this clock. */
    List<String> environment() {
        return List.of("LD_PRELOAD=" + Library.FILE, "TEST_CLOCK_FILE=" + file);
    }

    /** Adds to what the machine's clock says, from now on. */
    void shift(Duration by) throws IOException {
        Files.createDirectories(file.getParent());
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        bytes.putLong(0, by.toNanos());
        // In place: the processes have the file mapped.
        try (var channel = Files.newByteChannel(
                file, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.WRITE)) {
            channel.write(bytes);
        }
    }

    /** Compiled once per JVM. */
    private static final class Library {
        static final Path FILE = compile();

        private static Path compile() {
            Path source = FaultRun.DIRECTORY.resolve("stepped-clock.c").toAbsolutePath();
            Path library = FaultRun.DIRECTORY.resolve("stepped-clock.so").toAbsolutePath();
            try (InputStream text = Objects.requireNonNull(SteppedClock.class.getResourceAsStream("stepped-clock.c"))) {
                Files.createDirectories(FaultRun.DIRECTORY);
                Files.copy(text, source, StandardCopyOption.REPLACE_EXISTING);
                Command.check("gcc", "-shared", "-fPIC", "-O2", "-o", library.toString(), source.toString());
                return library;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
