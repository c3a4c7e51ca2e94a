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

    /** Reads a record; the consumer gets null if there is none or it cannot be read, on any thread. */
    void load(IpAddress address, Consumer<@Nullable String> taker);

    void remove(IpAddress address);
}
