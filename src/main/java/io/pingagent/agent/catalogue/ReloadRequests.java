package io.pingagent.agent.catalogue;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What is to be read again. Requests that come during a reading wait for the next one. */
final class ReloadRequests {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition requested = lock.newCondition();
    /** Guarded by {@link #lock}, as the next. */
    private final Set<String> changedKeys = new HashSet<>();

    private boolean wantsAll;

    private boolean namesChanged;

    /** Everything is to be read again. */
    @AnyThread
    void all() {
        lock.lock();
        try {
            wantsAll = true;
            requested.signal();
        } finally {
            lock.unlock();
        }
    }

    /** A key of the catalogue changed. */
    @AnyThread
    void changed(String key) {
        lock.lock();
        try {
            changedKeys.add(key);
            requested.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Addresses of host names changed: what is known is to be applied again. */
    @AnyThread
    void namesChanged() {
        lock.lock();
        try {
            namesChanged = true;
            requested.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a request, then a little for further ones, and takes them all.
     *
     * @param longestNanos how long to wait for the first request; 0 or less if everything is to be read now
     * @param gatherNanos how long to wait for further ones
     * @return the changed keys; none if only addresses of host names have changed. Null if everything is to be read: on
     *     request, because it is due, or because no request came
     */
    @OwnedBy("ping-reload")
    @Nullable
    Set<String> await(long longestNanos, long gatherNanos) throws InterruptedException {
        if (awaitFirst(longestNanos)) {
            TimeUnit.NANOSECONDS.sleep(gatherNanos);
        }
        lock.lockInterruptibly();
        try {
            // A reading that is due has no time left: changes of names that never end must not put it off.
            boolean isAll = wantsAll || longestNanos <= 0 || changedKeys.isEmpty() && !namesChanged;
            Set<String> keys = isAll ? null : Set.copyOf(changedKeys);
            wantsAll = false;
            namesChanged = false;
            changedKeys.clear();
            return keys;
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitFirst(long longestNanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long leftNanos = longestNanos;
            while (!isRequested() && leftNanos > 0) {
                leftNanos = requested.awaitNanos(leftNanos);
            }
            return isRequested();
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. */
    private boolean isRequested() {
        return wantsAll || namesChanged || !changedKeys.isEmpty();
    }
}
