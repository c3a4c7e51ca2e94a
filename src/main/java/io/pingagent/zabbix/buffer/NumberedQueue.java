package io.pingagent.zabbix.buffer;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Values in memory in the order of their numbers, and about how many bytes they take. Not thread-safe. */
final class NumberedQueue {

    private final ArrayDeque<Numbered> values = new ArrayDeque<>();
    private long bytes;

    int size() {
        return values.size();
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    /** About what they take of the heap. */
    long bytes() {
        return bytes;
    }

    void add(Numbered one) {
        values.addLast(one);
        bytes += Numbered.heapBytes(one.value());
    }

    @Nullable
    Numbered first() {
        return values.peekFirst();
    }

    @Nullable
    Numbered poll() {
        Numbered one = values.pollFirst();
        if (one != null) {
            bytes -= Numbered.heapBytes(one.value());
        }
        return one;
    }

    Iterable<Numbered> all() {
        return values;
    }

    void forEach(Consumer<Numbered> action) {
        values.forEach(action);
    }

    /** How many have a number below this one. */
    int countBelow(long number) {
        int count = 0;
        for (Numbered one : values) {
            if (one.sequence() >= number) {
                break;
            }
            count++;
        }
        return count;
    }

    void removeBelow(long number) {
        for (Numbered one = values.peekFirst(); one != null && one.sequence() < number; one = values.peekFirst()) {
            poll();
        }
    }

    /** Takes out the values from one number up to, but not with, another. */
    void removeRange(long from, long to) {
        if (values.isEmpty()
                || values.getLast().sequence() < from
                || values.getFirst().sequence() >= to) {
            return;
        }
        if (values.getFirst().sequence() >= from) {
            removeBelow(to);
            return;
        }
        for (Iterator<Numbered> some = values.iterator(); some.hasNext(); ) {
            Numbered one = some.next();
            if (one.sequence() >= to) {
                return;
            }
            if (one.sequence() >= from) {
                some.remove();
                bytes -= Numbered.heapBytes(one.value());
            }
        }
    }

    /** Returns how many of them were there. */
    int removeAll(Set<Long> numbers) {
        int before = values.size();
        for (Iterator<Numbered> some = values.iterator(); some.hasNext(); ) {
            Numbered one = some.next();
            if (numbers.contains(one.sequence())) {
                some.remove();
                bytes -= Numbered.heapBytes(one.value());
            }
        }
        return before - values.size();
    }

    /** The number from which on the oldest must go, so that the others take no more than so many bytes. */
    long keepFrom(long maxBytes, long otherwise) {
        long left = bytes;
        for (Numbered one : values) {
            if (left <= maxBytes) {
                return one.sequence();
            }
            left -= Numbered.heapBytes(one.value());
        }
        return otherwise;
    }

    /** Takes out everything, with other numbers. */
    List<Numbered> takeAll(long shift) {
        List<Numbered> all = values.stream()
                .map(one -> new Numbered(one.sequence() + shift, one.value()))
                .toList();
        values.clear();
        bytes = 0;
        return all;
    }
}
