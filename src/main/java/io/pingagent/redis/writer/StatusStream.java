package io.pingagent.redis.writer;

import io.pingagent.base.OwnedBy;
import io.pingagent.base.Utf8;
import io.pingagent.redis.RedisKeys;
import java.time.Duration;

/**
 * Writes the status string piece by piece between the other work. At once, 86 MB for a million addresses would stall
 * the last-ms keys, and Redis for everyone else. A string that fits one piece is a plain {@code SET}. A longer one is
 * filled under another key with a TTL. When it is whole it takes the place of the present one, so that readers never
 * see half of it.
 *
 * <p>Now and then Redis moves a string that grows to a larger place, and stalls while it copies it. To make room for
 * all of it at once, or to free it, takes as long. So two long strings change places: the next one is written over the
 * last but one. What it is shorter by is filled with blanks before the closing brace.
 *
 * <p>The unfinished string may disappear at any moment, by hand or by eviction. Its TTL shows that it has not: only the
 * first command that makes it gives it one.
 */
@OwnedBy("ping-redis")
final class StatusStream {

    /** One piece; one {@code SETRANGE} of it delays Redis by some tens of microseconds. */
    private static final int PIECE_BYTES = 48 * 1024;

    /** Room that the longest entry may need. */
    private static final int ENTRY_BYTES = 320;

    /** A refused exchange costs a moment without any status, so it is not tried again each time. */
    private static final int STATUSES_UNTIL_RETRY = 10;

    /** Below this a string is freed and made again each time. */
    private static final int LONG_BYTES = 1 << 20;

    private static final byte[] SET = Utf8.bytes("SET");
    private static final byte[] SETRANGE = Utf8.bytes("SETRANGE");
    private static final byte[] PX = Utf8.bytes("PX");
    private static final byte[] PEXPIRE = Utf8.bytes("PEXPIRE");
    private static final byte[] PERSIST = Utf8.bytes("PERSIST");
    private static final byte[] PTTL = Utf8.bytes("PTTL");
    private static final byte[] RENAME = Utf8.bytes("RENAME");
    private static final byte[] MULTI = Utf8.bytes("MULTI");
    private static final byte[] EXEC = Utf8.bytes("EXEC");

    private final byte[] key;
    private final byte[] nextKey;
    private final byte[] spareKey;
    private final byte[] nextTtlMillis;
    private final StateWriter.Source source;
    private final CommandBatch batch;
    private final AsciiBuffer piece = new AsciiBuffer(PIECE_BYTES + ENTRY_BYTES);

    private boolean active;
    private boolean broken;
    private int nextTarget;
    private long writtenBytes;
    private boolean comma;
    private boolean closed;
    private boolean isChecked;

    /** Length of the old string that is being written over, 0 for none. */
    private long roomBytes;
    /** Length of the long string that readers see, 0 if there is none that this object wrote. */
    private long presentBytes;

    /** Long strings to be written before the next exchange is tried; 0 unless one was refused. */
    private int untilExchange;

    /** @param interval from one status to the next */
    StatusStream(RedisKeys keys, StateWriter.Source source, CommandBatch batch, Duration interval) {
        this.key = Utf8.bytes(keys.allIpStatus());
        this.nextKey = Utf8.bytes(keys.allIpStatusNext());
        this.spareKey = Utf8.bytes(keys.allIpStatusSpare());
        this.nextTtlMillis =
                Utf8.bytes(Long.toString(interval.multipliedBy(2).plusMinutes(1).toMillis()));
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
        comma = false;
        closed = false;
        isChecked = false;
        piece.clear();
        piece.put('{');
    }

    /** This status is given up: the connection is lost, or a command was refused, and nobody knows what Redis holds. */
    void stop() {
        active = false;
        roomBytes = 0;
        presentBytes = 0;
    }

    /**
     * Adds the next piece to the (empty) batch; the caller sends it before the next step. Only while {@link #active()}.
     */
    void step() {
        if (broken) {
            roomBytes = 0;
            presentBytes = 0;
            start();
        }
        if (closed) {
            if (isChecked) {
                publish();
            } else {
                // Right before, and nobody else writes there: what disappears from now on cannot be renamed.
                batch.any(CommandBatch.Purpose.STATUS_CHECK, PTTL, nextKey);
            }
            return;
        }
        addEntries();
        if (nextTarget >= source.targetLimit()) {
            close();
        }
        boolean first = writtenBytes == 0;
        writtenBytes += piece.length();
        if (first && closed) {
            batch.text(CommandBatch.Purpose.STATUS, SET, key, piece);
            active = false;
            presentBytes = 0;
        } else if (first && roomBytes == 0) {
            batch.text(CommandBatch.Purpose.STATUS_BEGIN, SET, nextKey, piece, PX, nextTtlMillis);
        } else {
            long offsetBytes = writtenBytes - piece.length();
            batch.text(CommandBatch.Purpose.STATUS_PIECE, SETRANGE, nextKey, offsetBytes, piece);
        }
        piece.clear();
    }

    private void addEntries() {
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
    }

    private void close() {
        long blanks = writtenBytes == 0 ? 0 : roomBytes - writtenBytes - piece.length() - 1;
        if (blanks > roomBytes / 4) {
            // Many targets have gone: from the start, in a string of its own.
            broken = true;
        }
        while (blanks > 0 && piece.length() < PIECE_BYTES) {
            piece.put(' ');
            blanks--;
        }
        if (blanks <= 0) {
            piece.put('}');
            closed = true;
        }
    }

    private void publish() {
        boolean isLong = writtenBytes >= LONG_BYTES;
        active = false;
        if (isLong && presentBytes > 0 && mayExchange()) {
            batch.any(CommandBatch.Purpose.STATUS_EXCHANGE, MULTI);
            batch.any(CommandBatch.Purpose.STATUS_EXCHANGE, RENAME, key, spareKey);
            batch.any(CommandBatch.Purpose.STATUS_EXCHANGE, RENAME, nextKey, key);
            batch.any(CommandBatch.Purpose.STATUS_EXCHANGE, RENAME, spareKey, nextKey);
            batch.any(CommandBatch.Purpose.STATUS_EXCHANGE, PERSIST, key);
            batch.any(CommandBatch.Purpose.STATUS_EXCHANGE, PEXPIRE, nextKey, nextTtlMillis);
            batch.any(CommandBatch.Purpose.STATUS_EXCHANGED, EXEC);
            roomBytes = presentBytes;
        } else {
            batch.any(CommandBatch.Purpose.STATUS_PUBLISH, RENAME, nextKey, key);
            batch.any(CommandBatch.Purpose.STATUS_PUBLISH, PERSIST, key);
            roomBytes = 0;
        }
        presentBytes = isLong ? writtenBytes : 0;
    }

    private boolean mayExchange() {
        if (untilExchange == 0) {
            return true;
        }
        untilExchange--;
        return false;
    }

    /** The length that {@code SETRANGE} reports: another one means that the unfinished key expired or was changed. */
    void ranged(long lengthBytes) {
        broken |= lengthBytes != Math.max(writtenBytes, roomBytes);
    }

    /**
     * What {@code PTTL} reports of the finished string. One that was deleted in between was made again by
     * {@code SETRANGE}. It has the expected length, with NULs in the place of what is missing, but not the TTL of the
     * first.
     */
    void checked(long remainingMillis) {
        if (remainingMillis > 0) {
            isChecked = true;
        } else {
            broken = true;
        }
    }

    /** This user may not exchange keys in a transaction: for some time each string is written from the start. */
    void exchangeRefused() {
        untilExchange = STATUSES_UNTIL_RETRY;
        roomBytes = 0;
        presentBytes = 0;
    }
}
