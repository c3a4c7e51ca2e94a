package io.pingagent.cli.shell;

import io.pingagent.base.AnyThread;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Lets Ctrl-C and SIGTERM end a command in an orderly way. The command sees {@link #requested}, prints its summary and
 * restores the screen; its exit status becomes that of the process.
 */
@AnyThread
public final class Interrupt {

    private static final long PATIENCE_SECONDS = 5;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final boolean signals;
    private volatile boolean requested;
    private volatile Runnable ifLate = () -> {};
    private volatile int status;

    /** @param signals whether signals are handled; not in a test's JVM */
    public Interrupt(boolean signals) {
        this.signals = signals;
    }

    /** Whether the user wants the command to end. */
    boolean requested() {
        return requested;
    }

    /** From now on a signal does no more than ask; for commands that look at {@link #requested} often. */
    public BooleanSupplier listen() {
        if (!signals) {
            return this::requested;
        }
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(this::await, "ping-stop"));
        } catch (IllegalStateException e) {
            // A signal was faster than this.
            requested = true;
        }
        return this::requested;
    }

    /** What is to be done if the command has not ended some seconds after the signal. */
    public void ifLate(Runnable action) {
        ifLate = action;
    }

    /** The command is done and all is printed. */
    public void finish(int exitStatus) {
        status = exitStatus;
        finished.countDown();
    }

    private void await() {
        requested = true;
        try {
            if (finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                // A plain return would end the process with the signal's status instead of the command's.
                Runtime.getRuntime().halt(status);
            }
            ifLate.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
