package io.pingagent.zabbix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The template is written with these very keys: a change here is a change for every user. */
class ZabbixKeysTest {

    @Test
    void keysOfAnAddressAreFixed() {
        assertEquals(
                List.of(
                        "ping.status[\"192.0.2.1\"]",
                        "ping.loss[\"192.0.2.1\"]",
                        "ping.rtt[\"192.0.2.1\"]",
                        "ping.rtt.min[\"192.0.2.1\"]",
                        "ping.rtt.max[\"192.0.2.1\"]",
                        "ping.jitter[\"192.0.2.1\"]",
                        "ping.rtt.p50[\"192.0.2.1\"]",
                        "ping.rtt.p95[\"192.0.2.1\"]",
                        "ping.rtt.p99[\"192.0.2.1\"]",
                        "ping.rtt.stddev[\"192.0.2.1\"]",
                        "ping.ttl[\"192.0.2.1\"]",
                        "ping.path[\"192.0.2.1\"]"),
                Arrays.stream(AddressItem.values())
                        .map(item -> item.key("192.0.2.1"))
                        .toList());
    }

    @Test
    void anAddressThatIsAHostHasPlainKeys() {
        assertEquals(
                List.of(
                        "ping.status",
                        "ping.loss",
                        "ping.rtt",
                        "ping.rtt.min",
                        "ping.rtt.max",
                        "ping.jitter",
                        "ping.rtt.p50",
                        "ping.rtt.p95",
                        "ping.rtt.p99",
                        "ping.rtt.stddev",
                        "ping.ttl",
                        "ping.path"),
                Arrays.stream(AddressItem.values()).map(AddressItem::key).toList());
        assertEquals("ping.hosts.discovery", ZabbixKeys.HOSTS_DISCOVERY);
        assertEquals("ping gza 192.0.2.1", ZabbixKeys.addressHost("gza", "192.0.2.1"));
        assertEquals("ping my agent_1.x 2001-db8--1", ZabbixKeys.addressHost("my agent_1.x", "2001:db8::1"));
        assertEquals("ping gza fe80--1-eth0-1-", ZabbixKeys.addressHost("gza", "fe80::1%eth0:1\u00e9"));
        // Zabbix takes 128 characters; two long names that begin the same stay two.
        String one = ZabbixKeys.addressHost("a".repeat(127) + "1", "2001:db8:1111:2222:3333:4444:5555:6666");
        String two = ZabbixKeys.addressHost("a".repeat(127) + "2", "2001:db8:1111:2222:3333:4444:5555:6666");
        assertEquals(128, one.length());
        assertNotEquals(one, two);
        assertTrue(one.matches("ping a+-[0-9a-f]{8} 2001-db8-1111-2222-3333-4444-5555-6666"), one);
    }

    @Test
    void keysOfTheAgentAreFixed() {
        assertEquals(
                List.of(
                        "ping.agent.heartbeat",
                        "ping.agent.version",
                        "ping.agent.targets",
                        "ping.agent.isolated",
                        "ping.agent.errlist.size",
                        "ping.agent.probes.rate",
                        "ping.agent.refused",
                        "ping.agent.kernel.drops",
                        "ping.agent.overruns",
                        "ping.agent.invalidated",
                        "ping.agent.send.errors",
                        "ping.agent.send.deferred",
                        "ping.agent.send.omitted",
                        "ping.agent.lateness",
                        "ping.agent.redis.state",
                        "ping.agent.problems",
                        "ping.agent.problems.text",
                        "ping.agent.buffer.values",
                        "ping.agent.buffer.dropped"),
                Arrays.stream(AgentItem.values()).map(AgentItem::key).toList());
    }

    @Test
    void theAddressIsFoundInAKey() {
        assertEquals(Optional.of("fe80::1%eth0"), ZabbixKeys.addressOf(AddressItem.RTT.key("fe80::1%eth0")));
        assertEquals(Optional.empty(), ZabbixKeys.addressOf("ping.agent.version"));
    }
}
