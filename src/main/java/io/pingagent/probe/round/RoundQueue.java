package io.pingagent.probe.round;

import io.pingagent.base.OwnedBy;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The running rounds, the one with the earliest next probe first. A binary heap in which each round knows its place, so
 * that taking out any one of thousands costs no search.
 *
 * <p>A round's next probe must not change while it is in here, unless by the same for all ({@link JobRound#postpone}).
 */
@OwnedBy("ping-send")
public final class RoundQueue {

    private JobRound[] heap = new JobRound[16];
    private int size;

    @Nullable
    public JobRound peek() {
        return size == 0 ? null : heap[0];
    }

    /** Takes out the first; there must be one. */
    public JobRound remove() {
        JobRound first = heap[0];
        remove(first);
        return first;
    }

    public void add(JobRound round) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        up(size++, round);
    }

    /** Returns whether it was in here. */
    public boolean remove(JobRound round) {
        int hole = round.queueIndex();
        if (hole < 0) {
            return false;
        }
        JobRound last = heap[--size];
        if (hole < size) {
            up(hole, last);
            down(last.queueIndex(), last);
        }
        round.queueIndex(-1);
        return true;
    }

    public void forEach(Consumer<JobRound> action) {
        for (int i = 0; i < size; i++) {
            action.accept(heap[i]);
        }
    }

    private void up(int from, JobRound round) {
        int i = from;
        while (i > 0) {
            JobRound parent = heap[i - 1 >>> 1];
            if (round.compareTo(parent) >= 0) {
                break;
            }
            put(i, parent);
            i = i - 1 >>> 1;
        }
        put(i, round);
    }

    private void down(int from, JobRound round) {
        int i = from;
        while (2 * i + 1 < size) {
            int child = 2 * i + 1;
            if (child + 1 < size && heap[child + 1].compareTo(heap[child]) < 0) {
                child++;
            }
            if (round.compareTo(heap[child]) <= 0) {
                break;
            }
            put(i, heap[child]);
            i = child;
        }
        put(i, round);
    }

    private void put(int index, JobRound round) {
        heap[index] = round;
        round.queueIndex(index);
    }
}
