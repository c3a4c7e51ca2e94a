package io.pingagent.zabbix.buffer;

import io.pingagent.base.AnyThread;
import io.pingagent.model.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** What is wrong with the directory of a buffer: logged once, and shown as a problem for as long as it lasts. */
final class BufferTroubles {

    private static final Logger LOG = LogManager.getLogger(BufferTroubles.class);

    private final Path directory;
    private volatile @Nullable String failure;
    private volatile @Nullable String damage;

    BufferTroubles(Path directory) {
        this.directory = directory;
    }

    /** The disk refuses. */
    void failed(IOException e) {
        if (failure == null) {
            LOG.error("the Zabbix buffer in {} cannot be written: {}; values wait in memory", directory, e.toString());
        }
        failure = e.toString();
    }

    /** The disk has taken everything. */
    void written() {
        if (failure != null) {
            failure = null;
            LOG.info("the Zabbix buffer in {} can be written again", directory);
        }
    }

    /** Somebody deleted files. */
    void deleted() {
        if (failure == null) {
            LOG.error("{} or files in it were deleted; they are made again", directory);
        }
    }

    /** A segment cannot be read now. */
    void unreadable(Segment segment, IOException e) {
        if (segment.failures == 0) {
            damaged(segment, "cannot be read: " + e);
        }
    }

    /** Values of a segment are lost, or may be. */
    void damaged(Segment segment, String what) {
        LOG.error("{} {}", segment.file, what);
        damage = segment.file + " " + what;
    }

    /** Cheap. */
    @AnyThread
    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>(2);
        String refused = failure;
        if (refused != null) {
            problems.add(new Problem(
                    directory.toString(),
                    "the buffer for Zabbix cannot be written (" + refused + "); values wait in memory, up to "
                            + (ValueBuffer.MAX_MEMORY_BYTES >> 20) + " MiB, beyond that the oldest are dropped",
                    "make room, or let the agent's user write there"));
        }
        String broken = damage;
        if (broken != null) {
            problems.add(new Problem(
                    directory.toString(),
                    "a file of values for Zabbix was damaged: " + broken,
                    "check the disk; ping.agent.buffer.dropped counts what was lost; a restart clears this"));
        }
        return problems;
    }
}
