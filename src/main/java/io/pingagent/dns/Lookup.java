package io.pingagent.dns;

import java.util.function.Consumer;

/** Port: asks name servers. Called by {@code ping-dns}. */
interface Lookup {

    /**
     * Asks one server once and returns at once.
     *
     * @param name as in {@link io.pingagent.model.HostName#name}
     * @param attempt 0 for the server that answers best, then the next ones
     * @param sink takes the answer once, on any thread, also before this returns
     */
    void ask(String name, boolean isV6, int attempt, Consumer<Answer> sink);

    /** Takes over what has changed in the system's configuration since the last call. */
    void refresh();
}
