package io.pingagent.control;

import io.pingagent.base.AnyThread;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Lets few at once do what takes much memory; the others wait for their turn, but not for long. */
@AnyThread
public final class RequestLimiter {

    /** Something that may have no result. */
    public interface Part<T> {
        T result() throws ControlException;
    }

    private final Semaphore free;
    private final String busy;

    /**
     * @param atOnce at least 1
     * @param busy what is under way when nobody is let in, the beginning of an error text
     */
    public RequestLimiter(int atOnce, String busy) {
        this.free = new Semaphore(atOnce, true);
        this.busy = busy;
    }

    /** @throws ControlException if there is no turn within the timeout, or the part has no result */
    public <T> T take(long timeoutMillis, Part<T> part) throws ControlException {
        try {
            if (!free.tryAcquire(timeoutMillis, TimeUnit.MILLISECONDS)) {
                throw new ControlException(
                        busy + ", and no turn came within " + timeoutMillis + " ms; ask less often, or fewer at once");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControlException("the agent stops", e);
        }
        try {
            return part.result();
        } finally {
            free.release();
        }
    }
}
