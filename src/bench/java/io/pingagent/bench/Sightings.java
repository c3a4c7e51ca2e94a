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

    private static final int NOTE_BYTES = 1 + 4 + 2 + 2 + 8;

    /**
     * A request that was answered.
     *
     * @param departingNanos when it was about to leave, in Unix nanoseconds; 0 if that was not looked at
     * @param arrivedNanos when it had left, and arrived where it is answered
     * @param rttNanos from there until the reply had arrived
     * @param pauseNanos since the request before it, of those that were looked at
     */
    record Probe(
            int address, int sequence, long departingNanos, long arrivedNanos, long rttNanos, long pauseNanos) {}

    private final Path file;
    private final Process process;
    private final BufferedReader lines;

    /**
     * Starts observing; returns when it does.
     *
     * @param mask addresses are taken whose bits in it are all 0
     * @param departures whether requests are looked at before they leave, too, which takes time before they leave
     */
    Sightings(int mask, boolean replies, boolean departures) throws IOException {
        file = Files.createTempFile("ping-agent-bench-", ".seen");
        process = new ProcessBuilder(Processes.childJvm(
                        List.of("-XX:+UseSerialGC", "-Xmx128m"),
                        "io.pingagent.bench.Observer",
                        List.of(
                                "mask=" + mask,
                                "replies=" + (replies ? 1 : 0),
                                "departures=" + (departures ? 1 : 0),
                                "file=" + file)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        expect("READY");
    }

    /** The observer's process. */
    long pid() {
        return process.pid();
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
        Matching matching = new Matching();
        read(matching);
        return matching.probes();
    }

    /** Times of the requests to each address, in Unix nanoseconds, ascending. After {@link #end}. */
    Map<Integer, List<Long>> requestTimes() throws IOException {
        Map<Integer, List<Long>> times = new HashMap<>();
        read((kind, address, identifier, sequence, nanos) -> {
            if (kind == Observer.REQUEST) {
                times.computeIfAbsent(address, key -> new ArrayList<>()).add(nanos);
            }
        });
        return times;
    }

    /** Takes one note of the observer after the other, in their order. */
    @FunctionalInterface
    interface Reader {
        void note(int kind, int address, int identifier, int sequence, long nanos);
    }

    /** Finds the request to each reply, by address, identifier and sequence number. */
    static final class Matching implements Reader {

        private record Request(long arrivedNanos, long pauseNanos) {}

        private record Answered(long key, Request request, long replyNanos) {}

        private final Map<Long, Long> departing = new HashMap<>();
        private final Map<Long, Request> open = new HashMap<>();
        private final List<Answered> answered = new ArrayList<>();
        private long lastNanos;

        @Override
        public void note(int kind, int address, int identifier, int sequence, long nanos) {
            long key = (long) address << 32 | (long) identifier << 16 | sequence;
            if (kind == Observer.DEPARTING) {
                departing.put(key, nanos);
            } else if (kind == Observer.REQUEST) {
                open.put(key, new Request(nanos, lastNanos == 0 ? 0 : nanos - lastNanos));
                lastNanos = nanos;
            } else if (kind == Observer.REPLY) {
                Request request = open.remove(key);
                if (request != null) {
                    answered.add(new Answered(key, request, nanos));
                }
            }
        }

        /** In the order of the replies. Departures may have been noted after the arrivals that they led to. */
        List<Probe> probes() {
            return answered.stream()
                    .map(each -> new Probe(
                            (int) (each.key >> 32),
                            (int) each.key & 0xffff,
                            departing.getOrDefault(each.key, 0L),
                            each.request.arrivedNanos,
                            each.replyNanos - each.request.arrivedNanos,
                            each.request.pauseNanos))
                    .toList();
        }
    }

    private void read(Reader reader) throws IOException {
        long notes = Files.size(file) / NOTE_BYTES;
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 20))) {
            for (long i = 0; i < notes; i++) {
                int kind = in.readUnsignedByte();
                int address = in.readInt();
                int identifier = in.readUnsignedShort();
                reader.note(kind, address, identifier, in.readUnsignedShort(), in.readLong());
            }
        }
    }

    @Override
    public void close() throws IOException {
        Processes.stop(process, 5);
        Files.delete(file);
    }
}
