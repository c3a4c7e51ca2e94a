package io.pingagent.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DaemonThreadsTest {

    @Test
    void threadsOfAFactoryShareItsName() {
        ThreadFactory factory = DaemonThreads.named("ping-resolve");
        for (int i = 0; i < 2; i++) {
            Thread thread = factory.newThread(() -> {});
            assertEquals("ping-resolve", thread.getName());
            assertTrue(thread.isDaemon());
        }
    }

    @Test
    void numberedThreadsCountFromOne() {
        ThreadFactory factory = DaemonThreads.numbered("ping-control-", 512 * 1024);
        assertEquals("ping-control-1", factory.newThread(() -> {}).getName());
        Thread second = factory.newThread(() -> {});
        assertEquals("ping-control-2", second.getName());
        assertTrue(second.isDaemon());
    }

    @Test
    void aTaskRunsOnADaemonOfItsOwn() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1);
        Thread thread = DaemonThreads.start("ping-once", ran::countDown);
        assertEquals("ping-once", thread.getName());
        assertTrue(thread.isDaemon());
        assertTrue(ran.await(20, TimeUnit.SECONDS));
    }
}
