package io.pingagent.cli;

import io.pingagent.app.demo.DemoView;
import io.pingagent.cli.shell.Ansi;
import io.pingagent.cli.shell.Numbers;
import io.pingagent.cli.shell.Screen;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.cli.view.LiveTable;
import io.pingagent.model.TargetRow;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The demo's live table. On a terminal it is redrawn in place; elsewhere a table is printed now and then. The last one stays
 * when the demo is over.
 */
final class DemoScreen implements DemoView, AutoCloseable {

    private static final long PRINT_EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Terminal terminal;
    private final BooleanSupplier stopRequested;
    private final List<String> said = new ArrayList<>();
    private @Nullable Screen screen;
    private List<TargetRow> rows = List.of();
    private boolean lastPrinted = true;
    private long printedNanos;
    private long startNanos;

    DemoScreen(Terminal terminal, BooleanSupplier stopRequested) {
        this.terminal = terminal;
        this.stopRequested = stopRequested;
    }

    @Override
    public void say(String line) {
        said.add(line);
        terminal.out().println(line);
        terminal.flush();
    }

    @Override
    public void refresh(List<TargetRow> now) {
        long nowNanos = System.nanoTime();
        if (screen == null) {
            screen = new Screen(terminal, stopRequested);
            startNanos = nowNanos;
            printedNanos = nowNanos - PRINT_EVERY_NANOS;
        }
        rows = List.copyOf(now);
        if (screen.live() || nowNanos - printedNanos >= PRINT_EVERY_NANOS) {
            printedNanos = nowNanos;
            screen.draw(frame(screen, nowNanos));
            lastPrinted = !screen.live();
        } else {
            lastPrinted = false;
        }
    }

    /** Whether the user wants to leave. */
    boolean leaving() {
        return screen == null ? stopRequested.getAsBoolean() : screen.leaving();
    }

    /** After {@link #close()}: what was seen last, on the normal screen. */
    void printLastFrame() {
        if (!lastPrinted) {
            terminal.out().println();
            new LiveTable(rows, terminal.columns(), terminal.colours())
                    .lines(terminal.interactive() ? terminal.size()[0] - 3 : rows.size(), terminal.out()::println);
        }
    }

    @Override
    public void close() {
        if (screen != null) {
            screen.close();
        }
    }

    private List<String> frame(Screen target, long nowNanos) {
        List<String> lines = new ArrayList<>();
        long seconds = TimeUnit.NANOSECONDS.toSeconds(nowNanos - startNanos);
        long errListed = rows.stream().filter(TargetRow::inErrList).count();
        if (target.live()) {
            lines.add(Ansi.paint("ping-agent demo", Ansi.Style.HEADING, terminal.colours()) + "  "
                    + Numbers.age(seconds) + "  " + Numbers.count(rows.size(), "address", "addresses") + ", "
                    + errListed + " on the err list  (q ends, Ctrl-Z stops)");
            lines.addAll(said);
            lines.add("");
        }
        int free = target.live() ? Math.max(1, target.lines() - lines.size() - 1) : rows.size();
        new LiveTable(rows, terminal.columns(), terminal.colours()).lines(free, lines::add);
        return target.live() ? lines.subList(0, Math.min(lines.size(), target.lines())) : lines;
    }
}
