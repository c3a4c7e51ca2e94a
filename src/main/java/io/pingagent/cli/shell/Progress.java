package io.pingagent.cli.shell;

import java.util.concurrent.TimeUnit;

/** A count on standard error that is rewritten in place, for long imports; nothing where nobody looks. */
public final class Progress implements AutoCloseable {

    private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Terminal terminal;
    private final String what;
    private final long startNanos = System.nanoTime();
    private long drawnNanos = startNanos;
    private boolean drawn;

    /** @param what as in {@code "members"} */
    public Progress(Terminal terminal, String what) {
        this.terminal = terminal;
        this.what = what;
    }

    public void show(long count) {
        long nowNanos = System.nanoTime();
        if (!terminal.errInteractive() || nowNanos - drawnNanos < REDRAW_NANOS) {
            return;
        }
        drawnNanos = nowNanos;
        drawn = true;
        long perSecond = Math.round(count * 1e9 / (nowNanos - startNanos));
        terminal.err()
                .print("\r" + Numbers.grouped(count) + " " + what + ", " + Numbers.grouped(perSecond) + " per second"
                        + Ansi.CLEAR_TO_END_OF_LINE);
        terminal.err().flush();
    }

    /** Wipes the line, so that messages start on a clean one. */
    public void clear() {
        if (drawn) {
            terminal.err().print("\r" + Ansi.CLEAR_TO_END_OF_LINE);
            terminal.err().flush();
            drawn = false;
        }
    }

    @Override
    public void close() {
        clear();
    }
}
