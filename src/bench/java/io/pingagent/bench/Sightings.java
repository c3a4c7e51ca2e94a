package io.pingagent.bench;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An {@link Observer} at work, and what it saw. One thread. */
final class Sightings implements AutoCloseable {

    private static final int REQUEST = 8;
    private static final int NOTE_BYTES = 1 + 4 + 2 + 2 + 8;

    /** A request that was answered. */
    record Probe(int address, int sequence, long sentNanos, long rttNanos) {}

    private final Path file;
    private final Process process;
    private final BufferedReader lines;

    /** Starts observing; returns when it does. */
    Sightings(int mask, boolean replies) throws IOException {
        file = Files.createTempFile("ping-agent-bench-", ".seen");
        process = new ProcessBuilder(Processes.childJvm(
                        List.of("-XX:+UseSerialGC", "-Xmx128m"),
                        "io.pingagent.bench.Observer",
                        List.of("mask=" + mask, "replies=" + (replies ? 1 : 0), "file=" + file)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        expect("READY");
    }

    private void expect(String word) throws IOException {
        String line = lines.readLine();
        if (!word.equals(line)) {
            throw new IOException("the observer says " + line + " instead of " + word);
        }
    }

    /** Ends observing, so that everything is on file. */
    void end() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        expect("DONE");
    }

    /** Requests with the replies to them, in the order of the replies. After {@link #end}. */
    List<Probe> probes() throws IOException {
        Map<Long, Long> open = new HashMap<>();
        List<Probe> probes = new ArrayList<>();
        read((type, address, identifier, sequence, nanos) -> {
            long key = (long) address << 32 | (long) identifier << 16 | sequence;
            if (type == REQUEST) {
                open.put(key, nanos);
            } else {
                Long sent = open.remove(key);
                if (sent != null) {
                    probes.add(new Probe(address, sequence, sent, nanos - sent));
                }
            }
        });
        return probes;
    }

    /** Times of the requests to each address, in Unix nanoseconds, ascending. After {@link #end}. */
    Map<Integer, List<Long>> requestTimes() throws IOException {
        Map<Integer, List<Long>> times = new HashMap<>();
        read((type, address, identifier, sequence, nanos) -> {
            if (type == REQUEST) {
                times.computeIfAbsent(address, key -> new ArrayList<>()).add(nanos);
            }
        });
        return times;
    }

    private interface Reader {
        void note(int type, int address, int identifier, int sequence, long nanos);
    }

    private void read(Reader reader) throws IOException {
        long notes = Files.size(file) / NOTE_BYTES;
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 20))) {
            for (long i = 0; i < notes; i++) {
                int type = in.readUnsignedByte();
                int address = in.readInt();
                int identifier = in.readUnsignedShort();
                reader.note(type, address, identifier, in.readUnsignedShort(), in.readLong());
            }
        }
    }

    @Override
    public void close() throws IOException {
        Processes.stop(process, 5);
        Files.delete(file);
    }
}
