package io.pingagent.base;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Daemon threads with a name, for executors and for tasks that run once. A loop is a {@link Worker}. Stateless. */
public final class DaemonThreads {

    private DaemonThreads() {}

    /** All threads of the factory have this name. */
    public static ThreadFactory named(String name) {
        return task -> daemon(name, task, 0);
    }

    /**
     * The threads are numbered from 1 on.
     *
     * @param prefix what stands before the number in their names
     * @param stackBytes of each thread; 0 for the JVM's default
     */
    public static ThreadFactory numbered(String prefix, long stackBytes) {
        AtomicInteger count = new AtomicInteger();
        return task -> daemon(prefix + count.incrementAndGet(), task, stackBytes);
    }

    /** Runs a task on a thread of its own, which ends with it. */
    public static Thread start(String name, Runnable task) {
        Thread thread = daemon(name, task, 0);
        thread.start();
        return thread;
    }

    private static Thread daemon(String name, Runnable task, long stackBytes) {
        Thread thread = new Thread(null, task, name, stackBytes);
        thread.setDaemon(true);
        return thread;
    }
}
