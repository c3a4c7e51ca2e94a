package io.pingagent.testkit;

/** Waiting for threads. */
final class Threads {

    private Threads() {}

    /** Waits for the end of a thread that has been asked to end; an interrupt is kept for later. */
    static void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
