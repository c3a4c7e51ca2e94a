package io.pingagent.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "255.255.255.255, 255.255.255.255",
        "2001:DB8:0:0:0:0:0:1, 2001:db8::1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "fe80::1%lo, fe80::1%lo",
        "FE80::1%nosuchinterface, fe80::1%nosuchinterface",
        "fe80::1%eth0.100, fe80::1%eth0.100",
        "fe80::1%br-lan, fe80::1%br-lan",
        "fe80::1%2, fe80::1%2",
    })
    void writesTheCanonicalForm(String text, String canonical) {
        assertEquals(canonical, Addresses.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "*",
                "host",
                "1.2.3",
                "1.2.3.4.5",
                "256.1.1.1",
                "010.1.1.1",
                "0x7f.1",
                "1.2.3.4-9",
                "1.2.3.*",
                "1.2.3.4/33",
                "1.2.3.4/255.255.255.0",
                "fe80::1%",
                "fe80::1%nosuchinterface1",
                "fe80::1%eth0:1",
                "fe80::1%eth0%1",
                "fe80::1%eth 0",
                "fe80::1%..",
                "fe80::1%a\"b",
                "fe80::1%a\\b",
                "fe80::1%$(id)",
                "fe80::1%a,b",
                "fe80::1%a]",
                "fe80::1%\u00fc",
                "fe80::1%\u001b",
                "1.2.3.4%eth0",
                "1.2.3.0/24%eth0",
                "fe80::/120%eth0",
                "2001:db8::1::1",
                "/8",
                "1.2.3.4,5"
            })
    void refusesWhatIsNoAddress(String text) {
        assertThrows(IllegalArgumentException.class, () -> Addresses.expand(text));
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 254, 192.0.2.1, 192.0.2.254",
        "192.0.2.77/24, 254, 192.0.2.1, 192.0.2.254",
        "192.0.2.0/30, 2, 192.0.2.1, 192.0.2.2",
        "192.0.2.0/31, 2, 192.0.2.0, 192.0.2.1",
        "192.0.2.9/32, 1, 192.0.2.9, 192.0.2.9",
        "10.0.0.0/16, 65534, 10.0.0.1, 10.0.255.254",
        "2001:db8::/112, 65536, 2001:db8::, 2001:db8::ffff",
        "2001:db8::7/128, 1, 2001:db8::7, 2001:db8::7",
        "fe80::%ppp0/126, 4, fe80::%ppp0, fe80::3%ppp0",
    })
    void expandsNetworksToHosts(String network, int size, String first, String last) {
        AddressSet set = Addresses.expand(network);

        assertEquals(size, set.size());
        assertEquals(first, set.get(0).toString());
        assertEquals(last, set.get(size - 1).toString());
    }

    @Test
    void refusesNetworksTooLargeForAGroup() {
        assertThrows(IllegalArgumentException.class, () -> Addresses.expand("10.0.0.0/15"));
        assertThrows(IllegalArgumentException.class, () -> Addresses.expand("2001:db8::/64"));
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.5/24, 'the network 192.0.2.0/24 with 254 addresses, or the host 192.0.2.5'",
        "192.0.2.1/31, 'the network 192.0.2.0/31 with 2 addresses, or the host 192.0.2.1'",
        "2001:db8::7/112, 'the network 2001:db8::/112 with 65536 addresses, or the host 2001:db8::7'",
        "fe80::1%ppp0/126, 'the network fe80::%ppp0/126 with 4 addresses, or the host fe80::1%ppp0'",
        "192.0.2.0/24, ''",
        "192.0.2.5/32, ''",
        "192.0.2.5, ''",
        "10.0.0.5/8, ''",
        "nonsense/24, ''",
    })
    void aNetworkWithHostBitsHasTwoMeanings(String member, String meanings) {
        assertEquals(meanings, Addresses.doubleMeaning(member));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.255.255.255",
                "224.0.0.0",
                "239.255.255.255",
                "240.0.0.0",
                "255.255.255.254",
                "255.255.255.255",
                "240.0.0.0/24",
                "::",
                "::/120",
                "ff00::",
                "ff02::1%eth0",
                "::ffff:192.0.2.1",
                "::ffff:0.0.0.0",
                "fe80::1",
                "febf:ffff::1",
                "fe80::/120"
            })
    void refusesMembersThatCanNeverAnswer(String member) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> Addresses.expand(member));
        assertTrue(String.valueOf(refusal.getMessage()).startsWith("'" + member + "' can never answer: "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0.0.0",
                "127.0.0.1",
                "223.255.255.255",
                "::1",
                "::ffff:0:0:1",
                "2001:db8::",
                "fe7f::1",
                "fec0::1",
                "fe80::1%eth0",
                "64:ff9b::1"
            })
    void takesMembersThatMayAnswer(String member) {
        assertEquals(1, Addresses.expand(member).size());
    }

    @Test
    void networkIsNoAddress() {
        assertThrows(IllegalArgumentException.class, () -> Addresses.parse("192.0.2.0/24"));
    }
}
