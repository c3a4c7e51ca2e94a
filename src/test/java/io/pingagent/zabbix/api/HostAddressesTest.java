package io.pingagent.zabbix.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.zabbix.api.FoundHost.Interface;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HostAddressesTest {

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Map<String, List<String>> names = Map.of(
            "edge.example", List.of("192.0.2.10", "192.0.2.11"),
            "six.example", List.of("2001:db8::6"),
            "bad.example", List.of("0.0.0.0"));

    private List<String> resolve(String name) throws UnknownHostException {
        List<String> found = names.get(name);
        if (found == null) {
            throw new UnknownHostException(name);
        }
        return found;
    }

    private static FoundHost host(String name, Interface... interfaces) {
        return new FoundHost("1", name, "", false, FoundHost.Monitor.SERVER, Arrays.asList(interfaces), Set.of());
    }

    private HostAddresses.Located locate(FoundHost host, String... earlier) {
        List<IpAddress> addresses = Arrays.stream(earlier).map(Addresses::parse).toList();
        return new HostAddresses(this::resolve, LIMIT_NANOS)
                .locate(List.of(host), name -> addresses)
                .get(0);
    }

    private static String text(HostAddresses.Located located) {
        return String.valueOf(located.address());
    }

    @Test
    void anAddressIsTakenAsItIs() {
        assertEquals("192.0.2.1", text(locate(host("a", new Interface("agent", "192.0.2.1", false)))));
        assertEquals("2001:db8::1", text(locate(host("a", new Interface("agent", "2001:DB8:0::1", false)))));
    }

    @Test
    void aNameIsLookedUp() {
        assertEquals("192.0.2.10", text(locate(host("a", new Interface("SNMP", "edge.example", true)))));
        assertEquals("2001:db8::6", text(locate(host("a", new Interface("SNMP", "six.example", true)))));
    }

    /** A name server that turns the order round would move the host at each import. */
    @Test
    void ofSeveralAddressesTheEarlierOneStays() {
        assertEquals("192.0.2.11", text(locate(host("a", new Interface("SNMP", "edge.example", true)), "192.0.2.11")));
        assertEquals("192.0.2.10", text(locate(host("a", new Interface("SNMP", "edge.example", true)), "192.0.2.99")));
    }

    @Test
    void aNameThatFailsKeepsTheEarlierAddress() {
        HostAddresses.Located located = locate(host("a", new Interface("agent", "gone.example", true)), "192.0.2.7");
        assertEquals("192.0.2.7", text(located));
        assertTrue(located.warning().contains("gone.example"), located.warning());
        assertTrue(located.warning().contains("192.0.2.7"), located.warning());
    }

    @Test
    void aNameThatFailsTheFirstTimeIsAWarning() {
        HostAddresses.Located located = locate(host("a", new Interface("agent", "gone.example", true)));
        assertNull(located.address());
        assertEquals("the name 'gone.example' is unknown", located.warning());
    }

    @Test
    void theNextInterfaceServesWhereTheFirstHasNoAddress() {
        for (Interface useless : List.of(
                new Interface("agent", "", false),
                new Interface("agent", "", true),
                new Interface("agent", "{$ADDRESS}", false),
                new Interface("agent", "{HOST.HOST}.example", true),
                new Interface("agent", "0.0.0.0", false),
                new Interface("agent", "gone.example", true),
                new Interface("agent", "bad.example", true))) {
            HostAddresses.Located located = locate(host("a", useless, new Interface("SNMP", "192.0.2.2", false)));
            assertEquals("192.0.2.2", text(located), useless.toString());
            assertEquals("", located.warning());
        }
    }

    @Test
    void aHostWithoutAnyAddressSaysWhy() {
        assertEquals("has no interface", locate(host("a")).warning());
        assertEquals(
                "has no address at its agent interface",
                locate(host("a", new Interface("agent", "", false))).warning());
        assertTrue(locate(host("a", new Interface("agent", "{$ADDRESS}", false)))
                .warning()
                .contains("{$ADDRESS}"));
        assertTrue(locate(host("a", new Interface("SNMP", "bad.example", true)))
                .warning()
                .contains("0.0.0.0"));
    }

    @Test
    void aResolverThatHangsHoldsUpNoOtherHost() {
        CountDownLatch never = new CountDownLatch(1);
        HostAddresses addresses = new HostAddresses(
                name -> {
                    if (name.startsWith("slow")) {
                        try {
                            never.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }
                    return List.of("192.0.2.1");
                },
                TimeUnit.MILLISECONDS.toNanos(300));
        List<HostAddresses.Located> located = addresses.locate(
                List.of(
                        host("a", new Interface("agent", "slow.example", true)),
                        host("b", new Interface("agent", "fast.example", true)),
                        host("c", new Interface("agent", "192.0.2.3", false))),
                name -> List.of());
        never.countDown();
        assertEquals(
                List.of("null", "192.0.2.1", "192.0.2.3"),
                located.stream().map(HostAddressesTest::text).toList());
        assertTrue(located.get(0).warning().contains("was not resolved within"), located.toString());
    }

    @Test
    void manyNamesAreLookedUpSideBySide() {
        List<FoundHost> hosts = IntStream.range(0, 500)
                .mapToObj(i -> host("h" + i, new Interface("agent", "n" + i + ".example", true)))
                .toList();
        List<HostAddresses.Located> located =
                new HostAddresses(name -> List.of("192.0.2.1"), LIMIT_NANOS).locate(hosts, name -> List.of());
        assertEquals(500, located.stream().filter(one -> one.address() != null).count());
    }

    /** Otherwise the host moves to the other interface, and back. */
    @Test
    void aNameThatFailsKeepsTheEarlierAddressBeforeTheNextInterface() {
        HostAddresses.Located located = locate(
                host("a", new Interface("agent", "gone.example", true), new Interface("SNMP", "192.0.2.2", false)),
                "192.0.2.7");
        assertEquals("192.0.2.7", text(located));
        assertTrue(located.warning().contains("gone.example"), located.warning());
    }

    /** An agent that stops would leave out the hosts whose names it did not ask for. */
    @Test
    void anInterruptEndsTheLookUpWithoutAResult() {
        CountDownLatch never = new CountDownLatch(1);
        HostAddresses addresses = new HostAddresses(
                name -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return List.of();
                },
                LIMIT_NANOS);
        Thread.currentThread().interrupt();
        assertThrows(
                CancellationException.class,
                () -> addresses.locate(
                        List.of(host("a", new Interface("agent", "slow.example", true))), name -> List.of()));
        assertTrue(Thread.interrupted());
        never.countDown();
    }
}
