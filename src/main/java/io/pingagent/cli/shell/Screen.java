package io.pingagent.cli.shell;

import io.pingagent.app.Signals;
import io.pingagent.base.OwnedBy;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A view that is redrawn in place. On a terminal it takes the alternate screen, so that nothing of it stays behind.
 * If a user types, it hears the key {@code q} and others that the view wants. Elsewhere frames are printed one after the other.
 *
 * <p>Ctrl-Z gives the terminal back and stops the process; after {@code fg} it has its keys again. It is read as a key:
 * as a signal it would also stop a running {@code stty}, and this process would wait for that for ever. Ctrl-\ is
 * switched off, as Java answers it with a list of its threads. Not thread-safe; signals only set flags.
 */
@OwnedBy("caller")
public final class Screen implements AutoCloseable {

    private static final long STEP_MILLIS = 50;

    private static final List<String> KEYS_ALONE =
            List.of("-icanon", "-echo", "min", "1", "time", "0", "quit", "undef", "susp", "undef");

    private final Terminal terminal;
    private final BooleanSupplier stopRequested;
    private final Predicate<Key> view;
    private final KeyDecoder decoder = new KeyDecoder();
    private final boolean live;
    private final String savedKeys;
    private volatile boolean suspendRequested;
    private volatile boolean continued;
    private boolean quit;
    private boolean touched;
    private volatile boolean closed;
    private boolean drawn;

    public Screen(Terminal terminal, BooleanSupplier stopRequested) {
        this(terminal, stopRequested, key -> false);
    }

    /** @param view takes a key: whether it had a use for it. Then {@link #pause} ends at once */
    public Screen(Terminal terminal, BooleanSupplier stopRequested, Predicate<Key> view) {
        this.terminal = terminal;
        this.stopRequested = stopRequested;
        this.view = view;
        live = terminal.interactive();
        savedKeys = live ? terminal.stty(List.of("-g")) : "";
        if (live) {
            Signals.handle("TSTP", () -> suspendRequested = true);
            Signals.handle("CONT", () -> continued = true);
            take();
        }
    }

    private void take() {
        terminal.stty(KEYS_ALONE);
        terminal.out().print(Ansi.ALTERNATE_SCREEN);
        terminal.flush();
    }

    private void giveBack() {
        terminal.out().print(Ansi.NORMAL_SCREEN);
        terminal.flush();
        terminal.stty(savedKeys.isEmpty() ? List.of("sane") : List.of(savedKeys));
    }

    /** Whether it is redrawn in place. */
    public boolean live() {
        return live;
    }

    /** Lines that a frame may have. */
    public int lines() {
        return live ? terminal.size()[0] : Integer.MAX_VALUE;
    }

    public void draw(List<String> frame) {
        StringBuilder text = new StringBuilder();
        if (live) {
            text.append(Ansi.HOME);
            // No newline after the last line: it would scroll a full screen.
            for (int i = 0; i < frame.size(); i++) {
                text.append(i == 0 ? "" : "\r\n").append(frame.get(i)).append(Ansi.CLEAR_TO_END_OF_LINE);
            }
            text.append(Ansi.CLEAR_BELOW);
        } else {
            text.append(drawn ? System.lineSeparator() : "");
            frame.forEach(line -> text.append(line).append(System.lineSeparator()));
        }
        drawn = true;
        terminal.out().print(text);
        terminal.flush();
    }

    /** Waits, but not when the user wants to leave or has just come back. Returns whether to continue. */
    public boolean pause(long millis) {
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!leaving()) {
            if (wasStopped() || touched) {
                touched = false;
                return true;
            }
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
            if (leftMillis <= 0) {
                return true;
            }
            try {
                Thread.sleep(Math.min(STEP_MILLIS, leftMillis));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    /** Stops if that is wanted; whether the process was stopped, and the screen is to be drawn again. */
    private boolean wasStopped() {
        if (suspendRequested) {
            suspendRequested = false;
            giveBack();
            terminal.stopProcess();
            continued = true;
        }
        if (!continued) {
            return false;
        }
        continued = false;
        take();
        return true;
    }

    /** Whether Ctrl-C or {@code q} was pressed. */
    public boolean leaving() {
        if (live && !quit && terminal.inIsTerminal()) {
            try {
                if (terminal.in().available() == 0) {
                    pressed(decoder.idle());
                }
                while (terminal.in().available() > 0) {
                    pressed(decoder.accept(terminal.in().read()));
                }
            } catch (IOException e) {
                quit = true;
            }
        }
        return quit || stopRequested.getAsBoolean();
    }

    private void pressed(@Nullable Key key) {
        if (key == null) {
            return;
        }
        switch (key) {
            case LEAVE -> quit = true;
            case SUSPEND -> suspendRequested = true;
            default -> {
                if (view.test(key)) {
                    touched = true;
                } else {
                    quit |= key == Key.QUIT;
                }
            }
        }
    }

    /** Gives the terminal back; also from the thread that ends the process, if the command is late. */
    @Override
    public synchronized void close() {
        if (!live || closed) {
            return;
        }
        closed = true;
        giveBack();
    }
}
