package io.pingagent.testkit;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A pseudo terminal of 24 lines and 80 columns: one process runs in it as the leader of its session, and the test types and
 * reads. One thread, beside the one that reads.
 */
public final class Pty implements AutoCloseable {

    private static final long TIOCSPTLCK = 0x4004_5431L;
    private static final long TIOCGPTN = 0x8004_5430L;
    private static final long TIOCSWINSZ = 0x5414L;

    private static final int BUFFER_BYTES = 4096;
    private static final int POLL_MILLIS = 50;

    private final int master;
    private final File device;
    private final StringBuilder seen = new StringBuilder();
    private final Thread reader = new Thread(this::read, "pty-reader");
    private volatile boolean closing;
    private Process process;

    public Pty() {
        master = TestLibc.open("/dev/ptmx", TestLibc.O_RDWR | TestLibc.O_NONBLOCK | TestLibc.O_CLOEXEC);
        try (Memory number = new Memory(8)) {
            number.setInt(0, 0);
            TestLibc.ioctl(master, TIOCSPTLCK, number);
            TestLibc.ioctl(master, TIOCGPTN, number);
            device = new File("/dev/pts/" + number.getInt(0));
            number.setShort(0, (short) 24);
            number.setShort(2, (short) 80);
            number.setInt(4, 0);
            TestLibc.ioctl(master, TIOCSWINSZ, number);
        }
        reader.setDaemon(true);
    }

    /** Starts the command with the terminal as its controlling one. */
    public Process start(Map<String, String> environment, List<String> command) throws IOException {
        List<String> words = new ArrayList<>(List.of("setsid", "--ctty", "--wait"));
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectInput(device)
                .redirectOutput(device)
                .redirectError(device);
        builder.environment().putAll(environment);
        process = builder.start();
        reader.start();
        return process;
    }

    private void read() {
        try (Memory buffer = new Memory(BUFFER_BYTES)) {
            while (!closing) {
                long count = TestLibc.read(master, com.sun.jna.Pointer.nativeValue(buffer), BUFFER_BYTES);
                if (count > 0) {
                    byte[] bytes = buffer.getByteArray(0, (int) count);
                    synchronized (seen) {
                        seen.append(new String(bytes, StandardCharsets.ISO_8859_1));
                        seen.notifyAll();
                    }
                } else {
                    Thread.sleep(POLL_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What a keyboard sends: {@code "\u001a"} for Ctrl-Z. */
    public void type(String keys) {
        byte[] bytes = keys.getBytes(StandardCharsets.ISO_8859_1);
        try (Memory buffer = new Memory(bytes.length)) {
            buffer.write(0, bytes, 0, bytes.length);
            long written = TestLibc.write(master, com.sun.jna.Pointer.nativeValue(buffer), bytes.length);
            if (written != bytes.length) {
                throw new IllegalStateException("the terminal took " + written + " of " + bytes.length + " bytes");
            }
        }
    }

    /** How much has been written to the terminal so far. */
    public int length() {
        synchronized (seen) {
            return seen.length();
        }
    }

    /** What has been written since it had this length, as ISO 8859-1. */
    public String since(int length) {
        synchronized (seen) {
            return seen.substring(length);
        }
    }

    /**
     * Waits until a text has been written.
     *
     * @param from length before which nothing counts
     * @return the length after it
     * @throws AssertionError if it does not come within a minute
     */
    public int await(String text, int from) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        synchronized (seen) {
            int at;
            while ((at = seen.indexOf(text, from)) < 0) {
                long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
                if (leftMillis <= 0) {
                    throw new AssertionError("no '" + text + "' in: " + seen.substring(from));
                }
                seen.wait(leftMillis);
            }
            return at + text.length();
        }
    }

    @Override
    public void close() {
        try {
            if (process != null) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
            closing = true;
            reader.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            TestLibc.close(master);
        } catch (LastErrorException e) {
            throw new IllegalStateException("the terminal does not close", e);
        }
    }
}
