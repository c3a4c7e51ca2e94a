package io.pingagent.cli.shell;

import io.pingagent.app.Operations;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What every command is made with. One per process; set up by {@code Main} before a command runs. */
public final class Context {

    private final Terminal terminal;
    private final Supplier<Operations> operations;
    private final Interrupt interrupt;
    private @Nullable String configFile;
    private boolean debug;

    public Context(Terminal terminal, Supplier<Operations> operations, Interrupt interrupt) {
        this.terminal = terminal;
        this.operations = operations;
        this.interrupt = interrupt;
        debug = !terminal.variable("PING_AGENT_DEBUG").isEmpty();
    }

    public Terminal terminal() {
        return terminal;
    }

    /** The agent's machinery; loads it. */
    public Operations operations() {
        return operations.get();
    }

    public Interrupt interrupt() {
        return interrupt;
    }

    /** What {@code --config} said, or null. */
    @Nullable
    public String configFile() {
        return configFile;
    }

    public void configFile(String file) {
        configFile = file;
    }

    public boolean debug() {
        return debug;
    }

    public void debug(boolean on) {
        debug |= on;
    }
}
