package io.pingagent.trace;

import io.pingagent.base.AnyThread;
import io.pingagent.model.IpAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Port: where paths are kept beyond the life of the agent. Nothing waits. */
@AnyThread
public interface PathStore {

    /** Keeps a record, see {@link PathJson}, in place of that of the same address. */
    void save(IpAddress address, String json);

    /**
     * Reads a record. One of both hears of it, on any thread.
     *
     * @param taker gets the record, or null if there is none
     * @param unknown runs if nobody can say now whether there is one
     */
    void load(IpAddress address, Consumer<@Nullable String> taker, Runnable unknown);

    void remove(IpAddress address);
}
