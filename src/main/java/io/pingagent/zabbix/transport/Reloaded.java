package io.pingagent.zabbix.transport;

import io.pingagent.base.AnyThread;
import io.pingagent.keyfile.KeyFileException;
import io.pingagent.model.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What is made of key files, made again when their content changes: certificates are renewed while the agent runs.
 * Files that cannot be used, such as a new certificate whose key is not there yet, leave in use what was made before.
 */
@AnyThread
final class Reloaded<T> {

    private static final Logger LOG = LogManager.getLogger(Reloaded.class);

    private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** More than any key file may have: a change beyond it is none. */
    private static final int MAX_BYTES = 1 << 20;

    /** Reads the files. */
    interface Loader<T> {

        T load() throws KeyFileException;
    }

    private final String where;
    private final List<Path> files;
    private final Loader<T> loader;
    private final LongSupplier nanoClock;

    private T current;
    private byte[] seen;
    private long checkedNanos;
    private @Nullable Problem problem;

    /**
     * Reads the files for the first time.
     *
     * @param where the configuration keys that name the files
     * @param nanoClock as {@link System#nanoTime()}
     * @throws KeyFileException if they cannot be used
     */
    Reloaded(String where, List<Path> files, Loader<T> loader, LongSupplier nanoClock) throws KeyFileException {
        this.where = where;
        this.files = List.copyOf(files);
        this.loader = loader;
        this.nanoClock = nanoClock;
        this.seen = fingerprint(this.files);
        this.current = loader.load();
        this.checkedNanos = nanoClock.getAsLong();
    }

    /** What the files hold, or held when they could last be used; looks at them at most every 5 s. */
    synchronized T current() {
        long nowNanos = nanoClock.getAsLong();
        if (nowNanos - checkedNanos >= CHECK_NANOS) {
            checkedNanos = nowNanos;
            check();
        }
        return current;
    }

    private void check() {
        // Before they are read: what changes between is seen next time.
        byte[] now = fingerprint(files);
        if (Arrays.equals(now, seen)) {
            if (problem != null) {
                problem = null;
                LOG.info("{}: the files are again what is in use", where);
            }
            return;
        }
        try {
            current = loader.load();
            seen = now;
            problem = null;
            LOG.info("{}: the files have changed and are in use now", where);
        } catch (KeyFileException e) {
            if (problem == null) {
                LOG.warn("{}: {}; what they held before stays in use", where, e.what());
            }
            problem = new Problem(where, e.what() + "; what was there before stays in use", e.remedy());
        }
    }

    /** Why the files cannot be used now, or null if they can. */
    synchronized @Nullable Problem problem() {
        return problem;
    }

    private static byte[] fingerprint(List<Path> files) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                byte[] content = in.readNBytes(MAX_BYTES);
                digest.update((content.length + ":").getBytes(StandardCharsets.US_ASCII));
                digest.update(content);
            } catch (IOException e) {
                digest.update((byte) '!');
            }
        }
        return digest.digest();
    }
}
