package io.pingagent.trace;

import io.pingagent.base.AnyThread;
import io.pingagent.model.IpAddress;

/** Port: who is to see the path of an address that went down. */
@AnyThread
@FunctionalInterface
public interface PathOutlet {

    /**
     * @param text lines for people, see {@link PathText}; or why the path was not traced
     * @param wallNanos Unix nanoseconds
     */
    void show(int targetId, IpAddress address, String text, long wallNanos);
}
