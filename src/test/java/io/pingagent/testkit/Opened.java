package io.pingagent.testkit;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a test has opened, closed all together in the opposite order. One thread. */
public final class Opened implements AutoCloseable {

    private final Deque<AutoCloseable> resources = new ArrayDeque<>();

    /** Keeps a resource; gives it back. */
    public <T extends AutoCloseable> T add(T resource) {
        resources.push(resource);
        return resource;
    }

    /** @throws IllegalStateException if one does not close; the others are closed anyway */
    @Override
    public void close() {
        IllegalStateException failure = null;
        while (!resources.isEmpty()) {
            AutoCloseable resource = resources.pop();
            try {
                resource.close();
            } catch (Exception e) {
                if (failure == null) {
                    failure = new IllegalStateException(resource + " does not close", e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
