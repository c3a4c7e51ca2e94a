package io.pingagent.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** The files that the build has made. */
final class Packages {

    static final Path DIRECTORY = Path.of(System.getProperty("pingagent.packages", "target/packages"));

    private static final Map<String, String> RPM_ARCHITECTURES = Map.of("amd64", "x86_64", "aarch64", "aarch64");
    private static final Map<String, String> DEB_ARCHITECTURES = Map.of("amd64", "amd64", "aarch64", "arm64");

    private Packages() {}

    /** The DEB for this machine. */
    static Path deb() {
        return find("_" + DEB_ARCHITECTURES.get(System.getProperty("os.arch")) + ".deb");
    }

    /** The RPM for this machine. */
    static Path rpm() {
        return find("." + RPM_ARCHITECTURES.get(System.getProperty("os.arch")) + ".rpm");
    }

    static List<Path> all() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.filter(file -> file.toString().matches(".*\\.(deb|rpm)"))
                    .sorted()
                    .toList();
        }
    }

    private static Path find(String ending) {
        try {
            return all().stream()
                    .filter(file -> file.toString().endsWith(ending))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no package *" + ending));
        } catch (IOException e) {
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError("no packages in '" + DIRECTORY + "'", e);
            }
            throw new TestAbortedException("no packages in '" + DIRECTORY + "': run mvn verify", e);
        }
    }
}
