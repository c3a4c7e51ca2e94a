package io.pingagent.testkit;

import java.util.concurrent.atomic.AtomicInteger;

final class NetworkNamespace {
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private NetworkNamespace() {}

    static String uniqueName(String purpose) {
        return "pa-" + purpose + "-" + ProcessHandle.current().pid() + "-" + COUNTER.incrementAndGet();
    }
}
