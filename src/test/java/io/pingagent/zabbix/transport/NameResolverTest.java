package io.pingagent.zabbix.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NameResolverTest {

    private static final InetAddress[] ADDRESSES = {InetAddress.getLoopbackAddress()};

    private final CountDownLatch never = new CountDownLatch(1);
    private final AtomicInteger lookups = new AtomicInteger();
    private volatile NameResolver.Lookup lookup = host -> ADDRESSES;
    private final NameResolver names = new NameResolver(
            host -> {
                lookups.incrementAndGet();
                return lookup.all(host);
            },
            Duration.ofMillis(50));

    @AfterEach
    void end() {
        never.countDown();
    }

    private InetAddress[] hang() {
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ADDRESSES;
    }

    @Test
    void aNameServerThatHangsCostsItsTimeAndOneThread() {
        lookup = host -> hang();
        for (int i = 0; i < 5; i++) {
            assertEquals(
                    "the name was not resolved within 50 ms",
                    assertThrows(IOException.class, () -> names.resolve("zabbix.example.net"))
                            .getMessage());
        }
        assertEquals(1, lookups.get());
    }

    @Test
    void aNameThatStopsResolvingKeepsItsAddresses() throws Exception {
        assertNull(names.resolve("zabbix.example.net").doubt());
        lookup = host -> {
            throw new UnknownHostException(host);
        };
        NameResolver.Resolved resolved = names.resolve("zabbix.example.net");
        assertEquals(List.of(ADDRESSES), resolved.addresses());
        assertEquals("the name is unknown", resolved.doubt());
        assertEquals(
                "the name is unknown",
                assertThrows(IOException.class, () -> names.resolve("other.example.net"))
                        .getMessage());
    }

    @Test
    void aNameWhoseLookUpHangsKeepsItsAddressesToo() throws Exception {
        names.resolve("zabbix.example.net");
        lookup = host -> hang();
        for (int i = 0; i < 3; i++) {
            NameResolver.Resolved resolved = names.resolve("zabbix.example.net");
            assertEquals(List.of(ADDRESSES), resolved.addresses());
            assertEquals("the name was not resolved within 50 ms", resolved.doubt());
        }
        assertEquals(2, lookups.get());
    }

    @Test
    void anAddressAsksNoNameServer() throws Exception {
        assertEquals("192.0.2.1", names.resolve("192.0.2.1").addresses().get(0).getHostAddress());
        assertEquals(1, names.resolve("2001:db8::1").addresses().size());
        assertEquals(0, lookups.get());
    }
}
