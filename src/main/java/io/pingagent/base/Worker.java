package io.pingagent.base;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A daemon thread of ours. It takes turns at its work and pauses between them as the work says. Others can wake it, stop it
 * and wait for its end. Allocates nothing after its construction.
 *
 * <pre>
 * private final Worker worker = Worker.named("ping-reload").onFailure(this::failed).work(this::turn);
 * </pre>
 *
 * <p>All methods may be called by any thread, but for {@link #rest}.
 */
public final class Worker {

    /** In place of a pause: the work is done and the thread ends. */
    public static final long END = Long.MIN_VALUE;

    /** What a worker does; on its thread only. */
    @FunctionalInterface
    public interface Work {

        /**
         * One turn of the loop. It may block, if {@link #stopNow} or its owner can end that.
         *
         * @return how long to pause before the next turn, in nanoseconds: 0 or less for no pause, or {@link Worker#END}. The
         *     pause may be shorter, because {@link Worker#wake} ends it and the JDK allows it: a turn looks at its own clock
         * @throws InterruptedException to end the thread in good order
         */
        long turn() throws InterruptedException;
    }

    /** What a worker does when a turn has failed; on its thread only. */
    @FunctionalInterface
    public interface FailureHandler {

        /**
         * @return as {@link Work#turn}: the pause before the next turn, or {@link Worker#END}
         * @throws InterruptedException to end the thread in good order
         */
        long failed(RuntimeException failure) throws InterruptedException;
    }

    /** How a worker is to be made. */
    public static final class Builder {

        private final String name;
        private long stackBytes;
        private boolean endsItself;
        private @Nullable FailureHandler failureHandler;
        private @Nullable Runnable lastWork;

        private Builder(String name) {
            this.name = name;
        }

        /** Size of the thread's stack, instead of the JVM's default. */
        public Builder stackBytes(long bytes) {
            stackBytes = bytes;
            return this;
        }

        /**
         * Keeps the worker alive after a turn that threw. Without a handler the exception goes to the default handler of
         * uncaught exceptions, as every {@link Error} does, and the thread ends.
         */
        public Builder onFailure(FailureHandler handler) {
            failureHandler = handler;
            return this;
        }

        /**
         * What the thread does last when it ends in good order: after a stop, an interrupt or {@link Worker#END}. Not after an
         * exception that nobody handled. After {@link Worker#stopNow} the thread may be interrupted still.
         */
        public Builder lastly(Runnable work) {
            lastWork = work;
            return this;
        }

        /** A stop only asks: the work looks at {@link Worker#isStopping} and returns {@link Worker#END} when it is ready. */
        public Builder endsItself() {
            endsItself = true;
            return this;
        }

        /** Makes the worker; {@link Worker#start} starts it. */
        public Worker work(Work work) {
            return new Worker(this, work);
        }
    }

    private final Work work;
    private final boolean endsItself;
    private final @Nullable FailureHandler failureHandler;
    private final @Nullable Runnable lastWork;
    private final Thread thread;

    private volatile boolean stopping;

    private Worker(Builder builder, Work work) {
        this.work = work;
        this.endsItself = builder.endsItself;
        this.failureHandler = builder.failureHandler;
        this.lastWork = builder.lastWork;
        this.thread = new Thread(null, this::run, builder.name, builder.stackBytes);
        thread.setDaemon(true);
    }

    /** @param name of the thread */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /**
     * Starts the thread. Once only; a worker that was stopped before takes no turn, unless it ends itself.
     *
     * @throws IllegalThreadStateException if it was started before
     */
    public void start() {
        thread.start();
    }

    /** Ends the present pause, or the next one if the thread does not pause now. */
    public void wake() {
        LockSupport.unpark(thread);
    }

    /** Asks the thread to end after the present turn, and ends a pause or {@link #rest}. Does not wait. */
    public void stop() {
        stopping = true;
        LockSupport.unpark(thread);
    }

    /** As {@link #stop}, and interrupts what the present turn waits for. */
    public void stopNow() {
        stopping = true;
        thread.interrupt();
    }

    public boolean isStopping() {
        return stopping;
    }

    /** Whether the thread was started and has not ended. */
    public boolean isAlive() {
        return thread.isAlive();
    }

    /**
     * Waits until the thread has ended. If the caller is interrupted it returns early, still interrupted.
     *
     * @param patience how long at most; zero or less to only look
     * @return whether the thread does not run: it has ended or was never started
     */
    public boolean join(Duration patience) {
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, patience.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    /**
     * Within a turn: pauses for the whole time, whatever wakes the thread, unless it is to stop. For the worker's own thread.
     *
     * @return whether the worker is not to stop
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean rest(long nanos) throws InterruptedException {
        long untilNanos = System.nanoTime() + nanos;
        for (long left = nanos; left > 0 && !stopping; left = untilNanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return !stopping;
    }

    private void run() {
        try {
            while (endsItself || !stopping) {
                long pauseNanos = turn();
                if (pauseNanos == END) {
                    break;
                }
                if (pauseNanos > 0) {
                    LockSupport.parkNanos(pauseNanos);
                }
            }
        } catch (InterruptedException e) {
            // An end in good order.
        }
        if (lastWork != null) {
            lastWork.run();
        }
    }

    private long turn() throws InterruptedException {
        try {
            return work.turn();
        } catch (RuntimeException e) {
            if (failureHandler == null) {
                throw e;
            }
            return failureHandler.failed(e);
        }
    }
}
