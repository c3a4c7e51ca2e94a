package io.pingagent.zabbix.transport;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/**
 * A socket that knows when bytes last went through it. One thread reads and writes, any other looks at the time.
 */
final class ProgressSocket extends Socket {

    /** What is written at once counts as a whole only: small enough for a slow line to do it within the deadline. */
    private static final int CHUNK_BYTES = 16 * 1024;

    private volatile long progressNanos = System.nanoTime();

    /** When bytes were last read or written, by {@link System#nanoTime()}. */
    long progressNanos() {
        return progressNanos;
    }

    /** From now on time counts. */
    void progress() {
        progressNanos = System.nanoTime();
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(super.getInputStream()) {

            @Override
            public int read() throws IOException {
                int read = in.read();
                progress();
                return read;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int read = in.read(bytes, offset, length);
                progress();
                return read;
            }
        };
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new FilterOutputStream(super.getOutputStream()) {

            @Override
            public void write(int value) throws IOException {
                out.write(value);
                progress();
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                for (int done = 0; done < length; done += CHUNK_BYTES) {
                    out.write(bytes, offset + done, Math.min(CHUNK_BYTES, length - done));
                    progress();
                }
            }
        };
    }
}
