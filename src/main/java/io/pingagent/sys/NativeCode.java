package io.pingagent.sys;

import com.sun.jna.Platform;
import io.pingagent.base.AnyThread;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;

/**
 * Lets JNA take its library from beside the jars ({@code lib/native/linux-x86-64}). Unpacked at run time it would need
 * a home or {@code /tmp} that is writable and allows programs. Whoever uses JNA calls {@link #locate} first.
 */
@AnyThread
final class NativeCode {

    private static final String DIRECTORY_PROPERTY = "jna.boot.library.path";

    /** Where java.util.logging, which JNA alone uses here, finds its handlers. */
    private static final String LOGGING_PROPERTY = "java.util.logging.config.file";

    private NativeCode() {}

    /**
     * Does nothing where no library lies, as in a build's class directory, or where the start script names the place.
     */
    static void locate() {
        if (System.getProperty(LOGGING_PROPERTY) == null) {
            // Else it prints a stack trace where it cannot clean up after itself; what matters it throws as well.
            System.setProperty(LOGGING_PROPERTY, "/dev/null");
        }
        CodeSource source = NativeCode.class.getProtectionDomain().getCodeSource();
        if (source == null || System.getProperty(DIRECTORY_PROPERTY) != null) {
            return;
        }
        try {
            Path directory = Path.of(source.getLocation().toURI())
                    .resolveSibling("native")
                    .resolve(Platform.RESOURCE_PREFIX);
            if (Files.isDirectory(directory)) {
                System.setProperty(DIRECTORY_PROPERTY, directory.toString());
            }
        } catch (URISyntaxException | RuntimeException e) {
            // A class loader of another kind: JNA unpacks its library, as it always can.
            return;
        }
    }
}
