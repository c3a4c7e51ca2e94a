package io.pingagent.cli.doctor;

import io.pingagent.app.doctor.Check;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs checks on a thread of their own, so that one that hangs ends in a line. Examples are a server that accepts and
 * says nothing, and a name server that does not answer. What hangs is left behind; it ends with the process.
 */
final class CheckDeadline {

    private static final long DEADLINE_SECONDS = 5;

    private sealed interface Event {
        /** From now on this is looked at. */
        record Begun(String name, String remedy) implements Event {}

        record Found(Check check) implements Event {}

        /** @param outcome does nothing, or throws what ended the checks */
        record Ended(Runnable outcome) implements Event {}
    }

    private final long deadlineNanos;

    CheckDeadline() {
        this(TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS));
    }

    /** @param deadlineNanos of each check */
    CheckDeadline(long deadlineNanos) {
        this.deadlineNanos = deadlineNanos;
    }

    /**
     * Returns when all checks are done, or one has taken too long.
     *
     * @param checks what is run, on another thread
     * @param sink hears of each check as soon as it is done, on this thread
     */
    void run(String name, Consumer<CheckSink> checks, Consumer<Check> sink) {
        BlockingQueue<Event> events = new LinkedBlockingQueue<>();
        Thread thread = new Thread(() -> events.add(new Event.Ended(outcomeOf(checks, events))), "ping-doctor");
        thread.setDaemon(true);
        thread.start();
        Event.Begun current = new Event.Begun(name, "");
        try {
            while (true) {
                Event event = events.poll(deadlineNanos, TimeUnit.NANOSECONDS);
                if (event == null) {
                    sink.accept(Check.fail(
                            Check.Outcome.SERVICE_UNREACHABLE,
                            current.name(),
                            "no answer within " + TimeUnit.NANOSECONDS.toSeconds(deadlineNanos) + " s",
                            current.remedy()));
                    return;
                } else if (event instanceof Event.Found found) {
                    sink.accept(found.check());
                } else if (event instanceof Event.Begun begun) {
                    current = begun;
                } else if (event instanceof Event.Ended ended) {
                    ended.outcome().run();
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            thread.interrupt();
        }
    }

    private static Runnable outcomeOf(Consumer<CheckSink> checks, BlockingQueue<Event> events) {
        try {
            checks.accept(new CheckSink() {
                @Override
                public void begin(String name, String remedy) {
                    events.add(new Event.Begun(name, remedy));
                }

                @Override
                public void add(Check check) {
                    events.add(new Event.Found(check));
                }
            });
            return () -> {};
        } catch (RuntimeException | Error e) {
            return () -> {
                throw e;
            };
        }
    }
}
