package io.pingagent.zabbix;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Paths of addresses that went down, on their way to {@code ping-zabbix}. There are few: at most ten a second, and now and
 * then a thousand of addresses that were not traced. What finds no room is left out, as whoever traces says itself.
 */
@AnyThread
final class PathValues {

    private static final int CAPACITY = 4_096;

    interface Reader {

        /** @param wallNanos Unix nanoseconds */
        void path(int targetId, String ip, String text, long wallNanos);
    }

    private record Value(int targetId, String ip, String text, long wallNanos) {}

    private final Queue<Value> values = new LinkedBlockingQueue<>(CAPACITY);

    void put(int targetId, String ip, String text, long wallNanos) {
        values.offer(new Value(targetId, ip, text, wallNanos));
    }

    @OwnedBy("ping-zabbix")
    void drain(Reader reader) {
        for (Value value = values.poll(); value != null; value = values.poll()) {
            reader.path(value.targetId, value.ip, value.text, value.wallNanos);
        }
    }
}
