package io.pingagent.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Zones;
import org.junit.jupiter.api.Test;

class RedisKeysTest {

    private final RedisKeys keys = new RedisKeys("a");

    @Test
    void anExpiredKeyOfAZoneThatNobodyNamedIsNoTargetAndIsNotRemembered() {
        String key = "agent-ip-last-ms_a_fe80::1%onlyinredis";
        assertNull(keys.addressOfExpired(key));
        assertEquals(0, Zones.find("onlyinredis"));
        IpAddress target = Addresses.parse("fe80::1%onlyinredis");
        assertEquals(target, keys.addressOfExpired(key));
    }

    @Test
    void namesAreThoseOfTheContract() {
        IpAddress v4 = Addresses.parse("192.0.2.1");
        assertEquals("agent-online_a", keys.online());
        assertEquals("agent-err-list_a", keys.errList());
        assertEquals("agent-ip-last-ms_a_192.0.2.1", keys.lastMs(v4));
        assertEquals("agent-all-ip-status_a", keys.allIpStatus());
        assertEquals("agent-stats_a", keys.stats());
        assertEquals("agent-jobs_a", keys.agentJobs());
        assertEquals("agent_a_core", keys.agentJob("core"));
        assertEquals("ip_a_192.0.2.1", keys.perIpPrefix() + v4);
        assertEquals("job_core", RedisKeys.job("core"));
        assertEquals("group_g", RedisKeys.group("g"));
    }

    @Test
    void expiredKeysOfOtherAgentsAreNotTaken() {
        assertEquals(Addresses.parse("1.2.3.4"), keys.addressOfExpired("agent-ip-last-ms_a_1.2.3.4"));
        assertEquals(Addresses.parse("::1"), keys.addressOfExpired("ip_a_::1"));
        assertNull(keys.addressOfExpired("agent-ip-last-ms_a_b_1.2.3.4"));
        assertNull(keys.addressOfExpired("ip_a_b_1.2.3.4"));
        assertNull(keys.addressOfExpired("agent-ip-last-ms_aa_1.2.3.4"));
        assertNull(keys.addressOfExpired("agent-ip-last-ms_a_"));
        assertNull(keys.addressOfExpired("agent-ip-last-ms_a_1.2.3.0/24"));
        assertNull(keys.addressOfExpired("agent-ip-last-ms_a_01.2.3.4"));
        assertNull(keys.addressOfExpired("agent-ip-last-ms_a_1.2.3.4 "));
        assertNull(keys.addressOfExpired("agent-ip-last-ms_a_2001:DB8::1"));
        assertNull(keys.addressOfExpired(""));
    }

    @Test
    void globCharactersMatchOnlyThemselves() {
        assertEquals("a\\*b\\?c\\[d\\]\\\\", RedisKeys.escapeGlob("a*b?c[d]\\"));
    }

    @Test
    void anAgentNeedsAName() {
        assertThrows(IllegalArgumentException.class, () -> new RedisKeys(""));
    }

    @Test
    void plainIpv4IsReadAsTheLibraryReadsIt() {
        for (String text : new String[] {
            "0.0.0.0",
            "255.255.255.255",
            "1.2.3.4",
            "10.20.30.40",
            "256.1.1.1",
            "1.2.3",
            "1.2.3.4.5",
            "1..2.3",
            "1.2.3.",
            ".1.2.3",
            "01.2.3.4",
            "1.2.3.00",
            "a.b.c.d",
            "",
            "1234567",
            "::1",
            "1.2.3.-4",
            "999.9.9.9"
        }) {
            long bits = Ipv4Text.parse(text, 0);
            long expected;
            try {
                IpAddress address = Addresses.parse(text);
                expected = address.isV6() ? -1 : address.low();
            } catch (IllegalArgumentException e) {
                expected = -1;
            }
            assertEquals(expected, bits, text);
        }
    }
}
