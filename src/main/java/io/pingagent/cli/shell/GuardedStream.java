package io.pingagent.cli.shell;

import io.pingagent.base.ExitStatus;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes to a file descriptor. Ends the command when nobody reads any more ({@code | head}) or the disk is full, which a plain
 * {@link java.io.PrintStream} would ignore.
 */
public final class GuardedStream extends OutputStream {

    /** Thrown out of a print when the reader has gone: the command ends without a word. */
    public static final class ReaderGone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public ReaderGone(IOException cause) {
            super(cause);
        }
    }

    private final OutputStream target;

    public GuardedStream(OutputStream target) {
        this.target = target;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) {
        try {
            target.write(bytes, from, count);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public void flush() {
        try {
            target.flush();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private static RuntimeException failure(IOException e) {
        String reason = String.valueOf(e.getMessage());
        return reason.contains("Broken pipe")
                ? new ReaderGone(e)
                : new CommandFailure(ExitStatus.SERVICE_UNREACHABLE, "cannot write to standard output: " + reason, e);
    }
}
