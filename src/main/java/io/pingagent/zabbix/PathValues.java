package io.pingagent.zabbix;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import io.pingagent.model.Problem;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Paths of addresses that went down, on their way to {@code ping-zabbix}. There are few: at most ten a second, and now and
 * then a thousand of addresses that were not traced. What finds no room is left out, and is a problem.
 */
@AnyThread
final class PathValues {

    static final int CAPACITY = 4_096;

    interface Reader {

        /** @param wallNanos Unix nanoseconds */
        void path(int targetId, String ip, String text, long wallNanos);
    }

    private record Value(int targetId, String ip, String text, long wallNanos) {}

    private final Queue<Value> values = new LinkedBlockingQueue<>(CAPACITY);
    private final AtomicLong refused = new AtomicLong();

    void put(int targetId, String ip, String text, long wallNanos) {
        if (!values.offer(new Value(targetId, ip, text, wallNanos))) {
            refused.incrementAndGet();
        }
    }

    /** Paths that Zabbix will never get, since the start. */
    List<Problem> problems() {
        long paths = refused.get();
        return paths == 0
                ? List.of()
                : List.of(new Problem(
                        "ping.path",
                        paths + " paths of addresses that went down were not sent to Zabbix: more than " + CAPACITY
                                + " waited at once",
                        "see them with 'ping-agent trace --last ADDRESS'; restart the agent to clear this line"));
    }

    @OwnedBy("ping-zabbix")
    void drain(Reader reader) {
        for (Value value = values.poll(); value != null; value = values.poll()) {
            reader.path(value.targetId, value.ip, value.text, value.wallNanos);
        }
    }
}
