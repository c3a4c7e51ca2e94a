package io.pingagent.agent2;

import io.pingagent.agent2.PluginMessage.Severity;
import io.pingagent.base.DaemonThreads;
import io.pingagent.base.OwnedBy;
import io.pingagent.control.ControlAnswer;
import io.pingagent.control.ControlClient;
import io.pingagent.control.ControlException;
import io.pingagent.control.ControlRequest;
import io.pingagent.control.ItemKey;
import io.pingagent.control.SocketPaths;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * Answers export requests, a few at once and the others in their turn: whatever is wrong becomes an error text. Probes, which
 * take seconds, have threads of their own. Of long answers only one is in memory.
 */
final class Exports {

    private static final String FAILED = "the plugin of ping-agent failed: ";
    private static final int THREADS = 4;
    /** Fewer than an agent makes at once. */
    private static final int PROBE_THREADS = 6;

    private static final long IDLE_SECONDS = 60;
    private static final int LONG_BYTES = 64 * 1024;
    private static final int DEFAULT_TIMEOUT_SECONDS = 3;
    /** So much earlier than the agent gives up, which is late by half a second itself from 7.0 on. */
    private static final long MARGIN_MILLIS = 200;
    /** With less time left an answer would come too late. */
    private static final long LEAST_MILLIS = 20;

    private final FrameChannel channel;
    private final Path directory;
    private final Executor quick;
    private final Executor probes;
    private final Semaphore longAnswer = new Semaphore(1);

    private volatile PluginOptions options = PluginOptions.NONE;
    private volatile int timeoutSeconds = DEFAULT_TIMEOUT_SECONDS;

    /** @param directory of the control sockets, where no option names one */
    Exports(FrameChannel channel, Path directory) {
        this(channel, directory, pool(THREADS, "ping-export"), pool(PROBE_THREADS, "ping-probe"));
    }

    Exports(FrameChannel channel, Path directory, Executor quick, Executor probes) {
        this.channel = channel;
        this.directory = directory;
        this.quick = quick;
        this.probes = probes;
    }

    private static Executor pool(int threads, String name) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                DaemonThreads.named(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** @param globalTimeoutSeconds of the agent; 0 if it does not say so */
    void configure(PluginOptions pluginOptions, int globalTimeoutSeconds) {
        options = pluginOptions;
        timeoutSeconds = globalTimeoutSeconds > 0 ? globalTimeoutSeconds : DEFAULT_TIMEOUT_SECONDS;
    }

    /** Answers some time later, from another thread. */
    void submit(AgentMessage request) {
        int seconds = request.timeoutSeconds() > 0 ? request.timeoutSeconds() : timeoutSeconds;
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds) - MARGIN_MILLIS * 1_000_000L;
        Executor executor = ItemKey.PROBE.key().equals(request.key()) ? probes : quick;
        try {
            executor.execute(() -> answer(request, deadlineNanos));
        } catch (RuntimeException | Error e) {
            // No memory or no thread is left, mostly for a moment.
            refuse(request, FAILED + e);
        }
    }

    private void answer(AgentMessage request, long deadlineNanos) {
        LongAnswer turn = new LongAnswer();
        try {
            ControlAnswer answer = ask(request, deadlineNanos, turn);
            channel.write(
                    answer.isError()
                            ? PluginMessage.error(request.id(), answer.toString())
                            : PluginMessage.value(request.id(), answer.text()));
        } catch (ControlException e) {
            refuse(request, e.getMessage());
        } catch (IOException e) {
            // The agent is gone; the thread that reads notices it.
        } catch (Throwable e) {
            // An end of this process would be the end of the agent.
            refuse(request, FAILED + e);
        } finally {
            turn.end();
        }
    }

    private ControlAnswer ask(AgentMessage request, long deadlineNanos, IntConsumer expected) throws ControlException {
        ItemKey key = ItemKey.of(request.key());
        if (key == null) {
            throw new ControlException("the plugin of ping-agent has no key '" + request.key() + "'");
        }
        key.requireCount(request.parameters());
        PluginOptions present = options;
        if (!present.trouble().isEmpty()) {
            throw new ControlException(present.trouble());
        }
        long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
        if (leftMillis < LEAST_MILLIS) {
            throw new ControlException(
                    "no time was left: the questions before took it; ask less often, or raise the timeout of the item");
        }
        return ControlClient.ask(
                socket(key, request, present),
                new ControlRequest(request.key(), request.parameters(), leftMillis),
                expected);
    }

    private Path socket(ItemKey key, AgentMessage request, PluginOptions present) throws ControlException {
        if (!present.socket().isEmpty()) {
            return Path.of(present.socket());
        }
        if (key == ItemKey.PROBE) {
            return SocketPaths.any(directory);
        }
        return SocketPaths.find(
                directory,
                request.parameters().isEmpty()
                        ? ""
                        : request.parameters().get(0).strip());
    }

    private void refuse(AgentMessage request, String text) {
        try {
            channel.write(PluginMessage.error(request.id(), text));
        } catch (IOException e) {
            // The agent is gone.
        }
    }

    /** What went wrong, in the agent's log, unless even that fails. */
    void log(Severity severity, Throwable cause) {
        try {
            log(severity, "a message was passed over: " + cause);
        } catch (RuntimeException | Error e) {
            // Without memory there is no line.
        }
    }

    /** A line in the agent's log. */
    void log(Severity severity, String text) {
        try {
            channel.write(PluginMessage.log(severity, text));
        } catch (IOException e) {
            // The agent is gone.
        }
    }

    /** The turn of one request that has a long answer. */
    @OwnedBy("caller")
    private final class LongAnswer implements IntConsumer {

        private boolean isMine;

        @Override
        public void accept(int bytes) {
            if (bytes > LONG_BYTES) {
                longAnswer.acquireUninterruptibly();
                isMine = true;
            }
        }

        void end() {
            if (isMine) {
                longAnswer.release();
            }
        }
    }
}
