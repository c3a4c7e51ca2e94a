package io.pingagent.cli;

import io.pingagent.app.Operations;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What every command is made with. One per process; set up by {@link Main} before a command runs. */
final class Context {

    private final Terminal terminal;
    private final Supplier<Operations> operations;
    private final Interrupt interrupt;
    private @Nullable String configFile;
    private boolean debug;

    Context(Terminal terminal, Supplier<Operations> operations, Interrupt interrupt) {
        this.terminal = terminal;
        this.operations = operations;
        this.interrupt = interrupt;
        debug = !terminal.variable("PING_AGENT_DEBUG").isEmpty();
    }

    Terminal terminal() {
        return terminal;
    }

    /** The agent's machinery; loads it. */
    Operations operations() {
        return operations.get();
    }

    Interrupt interrupt() {
        return interrupt;
    }

    /** What {@code --config} said, or null. */
    @Nullable
    String configFile() {
        return configFile;
    }

    void configFile(String file) {
        configFile = file;
    }

    boolean debug() {
        return debug;
    }

    void debug(boolean on) {
        debug |= on;
    }
}
