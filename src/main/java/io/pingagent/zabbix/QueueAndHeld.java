package io.pingagent.zabbix;

import io.pingagent.base.AnyThread;
import io.pingagent.zabbix.buffer.HeldValues;
import io.pingagent.zabbix.buffer.ValueBuffer;
import java.io.IOException;
import java.util.function.LongSupplier;

/**
 * Where values wait, in two directories of {@code zabbix.buffer.directory}.
 *
 * @param queue all values, in the order of their making
 * @param held those of items that the server does not take
 */
record QueueAndHeld(ValueBuffer queue, HeldValues held) implements AutoCloseable {

    /**
     * @param wallNanos Unix nanoseconds; any thread
     * @throws IOException if another agent has the directory
     */
    static QueueAndHeld open(BridgeSettings settings, LongSupplier wallNanos) throws IOException {
        ValueBuffer queue = new ValueBuffer(
                settings.buffer().directory().resolve("queue"),
                settings.buffer().maxBytes(),
                settings.buffer().maxAge(),
                wallNanos);
        try {
            HeldValues held = new HeldValues(
                    settings.buffer().directory().resolve("held"),
                    settings.buffer().maxBytes() / 4,
                    settings.buffer().maxAge(),
                    wallNanos);
            return new QueueAndHeld(queue, held);
        } catch (IOException e) {
            queue.close();
            throw e;
        }
    }

    /** Values that wait for a server, or for their items. */
    @AnyThread
    long values() {
        return queue.values() + held.values();
    }

    /** Values that nobody will ever deliver although somebody wanted them, since the directory was made. */
    @AnyThread
    long dropped() {
        return queue.dropped() + held.dropped();
    }

    @Override
    public void close() {
        queue.close();
        held.close();
    }
}
