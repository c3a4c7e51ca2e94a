package io.pingagent.redis;

import java.nio.charset.StandardCharsets;

/**
 * Writes the status string piece by piece between the other work: 86 MB for a million addresses would stall the last-ms
 * keys, and Redis for everyone else. A string that fits one piece is a plain {@code SET}; a longer one is filled under
 * another key with a TTL and renamed when it is whole, so that readers never see half of it.
 *
 * <p>Room for nearly all of it is asked for at once. If the string grew with its pieces, Redis would move it to a larger place
 * after each megabyte, and stand still for as long as it takes to copy what is there. Owned by ping-redis.
 */
final class StatusStream {

    /** One piece; also what one {@code SETRANGE} holds Redis up for, some tens of microseconds. */
    private static final int PIECE_BYTES = 48 * 1024;

    /** Room that the longest entry may need. */
    private static final int ENTRY_BYTES = 320;

    private static final byte[] SET = CommandBatch.ascii("SET");
    private static final byte[] SETRANGE = CommandBatch.ascii("SETRANGE");
    private static final byte[] LAST_RESERVED = CommandBatch.ascii(" ");
    private static final byte[] PX = CommandBatch.ascii("PX");
    private static final byte[] RENAME = CommandBatch.ascii("RENAME");
    private static final byte[] PERSIST = CommandBatch.ascii("PERSIST");
    private static final byte[] UNFINISHED_TTL_MILLIS = CommandBatch.ascii("60000");

    private final byte[] key;
    private final byte[] nextKey;
    private final StateWriter.Source source;
    private final CommandBatch batch;
    private final AsciiBuffer piece = new AsciiBuffer(PIECE_BYTES + ENTRY_BYTES);

    private boolean active;
    private boolean broken;
    private int nextTarget;
    private long writtenBytes;
    /** Room asked for at once; less than the string will need, or it could not be used. */
    private long reservedBytes;
    /** Of the last string that was whole, 0 if there was none. */
    private long lastBytes;

    private boolean comma;

    StatusStream(RedisKeys keys, StateWriter.Source source, CommandBatch batch) {
        this.key = keys.allIpStatus().getBytes(StandardCharsets.UTF_8);
        this.nextKey = keys.allIpStatusNext().getBytes(StandardCharsets.UTF_8);
        this.source = source;
        this.batch = batch;
    }

    boolean active() {
        return active;
    }

    void start() {
        active = true;
        broken = false;
        nextTarget = 0;
        writtenBytes = 0;
        reservedBytes = 0;
        comma = false;
        piece.clear();
        piece.put('{');
    }

    void stop() {
        active = false;
    }

    /** Adds the next piece to the (empty) batch; the caller sends it before the next step. Only while {@link #active()}. */
    void step() {
        if (broken) {
            start();
        }
        int limit = source.targetLimit();
        while (nextTarget < limit && piece.length() < PIECE_BYTES) {
            int target = nextTarget++;
            if (source.live(target)) {
                if (comma) {
                    piece.put(',');
                }
                comma = true;
                StateFormat.status(
                        piece,
                        source.address(target),
                        source.sendCount(target),
                        source.returnCount(target),
                        source.inErrList(target));
            }
        }
        boolean last = nextTarget >= limit;
        if (last && piece.length() == 0) {
            finish();
            return;
        }
        if (last) {
            piece.put('}');
        }
        boolean first = writtenBytes == 0;
        writtenBytes += piece.length();
        if (first && last) {
            batch.text(CommandBatch.Purpose.OTHER, SET, key, piece);
            active = false;
        } else if (first) {
            batch.text(CommandBatch.Purpose.OTHER, SET, nextKey, piece, PX, UNFINISHED_TTL_MILLIS);
            reserve(limit);
        } else {
            long offsetBytes = writtenBytes - piece.length();
            batch.text(CommandBatch.Purpose.STATUS, SETRANGE, nextKey, offsetBytes, piece);
        }
        piece.clear();
    }

    private void reserve(int limit) {
        long expectedBytes = (long) (0.95 * writtenBytes / nextTarget * limit);
        if (lastBytes > 0) {
            expectedBytes = Math.min(expectedBytes, (long) (0.995 * lastBytes));
        }
        if (expectedBytes > writtenBytes) {
            reservedBytes = expectedBytes;
            byte[] offset = CommandBatch.ascii(Long.toString(reservedBytes - LAST_RESERVED.length));
            batch.any(CommandBatch.Purpose.STATUS, SETRANGE, nextKey, offset, LAST_RESERVED);
        }
    }

    private void finish() {
        lastBytes = writtenBytes;
        if (writtenBytes < reservedBytes) {
            // Many targets have gone: once more, now that the length is known.
            start();
            return;
        }
        batch.any(CommandBatch.Purpose.OTHER, RENAME, nextKey, key);
        batch.any(CommandBatch.Purpose.OTHER, PERSIST, key);
        active = false;
    }

    /** The length that {@code SETRANGE} reports: another one means that the unfinished key expired or was changed. */
    void ranged(long lengthBytes) {
        broken |= lengthBytes != Math.max(writtenBytes, reservedBytes);
    }
}
