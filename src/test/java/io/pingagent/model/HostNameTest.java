package io.pingagent.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostNameTest {

    @ParameterizedTest
    @CsvSource({
        "host:gw.example.net, ANY, gw.example.net",
        "host4:gw.example.net, V4, gw.example.net",
        "host6:GW.Example.NET., V6, gw.example.net.",
        "host:gw, ANY, gw",
        "host:core_1.site-2.example, ANY, core_1.site-2.example",
        "host:bücher.example, ANY, xn--bcher-kva.example",
        "host:7.example, ANY, 7.example"
    })
    void namesAreRead(String member, HostName.Family family, String name) {
        assertEquals(new HostName(family, name), HostName.parse(member));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host:",
                "host:.",
                "host:a..b",
                "host:-a.example",
                "host:a-.example",
                "host:a b",
                "host:gw.example.net:161",
                "host:https://gw.example.net",
                "host:192.0.2.7",
                "host6:2001:db8::7",
                "host:192.0.2.0/24",
                "host:gw.example.net/4",
                "host:a*b.example",
                "host:\u0000.example"
            })
    void whatIsNoNameIsRefusedWithTheMemberAndWhatToWrite(String member) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> HostName.parse(member));
        assertTrue(refused.getMessage().startsWith("'host"), refused.getMessage());
        assertTrue(refused.getMessage().contains("write"), refused.getMessage());
    }

    @Test
    void aNameOfMoreThan253CharactersIsRefused() {
        String label = "a".repeat(63);
        String longest = label + "." + label + "." + label + "." + "b".repeat(61);
        assertEquals(longest, HostName.parse("host:" + longest).name());
        assertThrows(IllegalArgumentException.class, () -> HostName.parse("host:" + longest + "c"));
        assertThrows(IllegalArgumentException.class, () -> HostName.parse("host:" + label + "a.example"));
    }

    @Test
    void onlyMembersWithAPrefixAreNames() {
        assertTrue(HostName.isMember("host:x"));
        assertTrue(HostName.isMember("host4:"));
        assertFalse(HostName.isMember("gw.example.net"));
        assertFalse(HostName.isMember("192.0.2.7"));
    }

    @Test
    void aNameIsWrittenAsItIsRead() {
        assertEquals(
                "host6:gw.example.net", HostName.parse("host6:GW.example.net").toString());
    }
}
