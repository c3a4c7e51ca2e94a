package io.pingagent.icmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SendErrorsTest {

    /** The broadcast address of an interface's network is refused by the kernel and by nobody else. */
    @Test
    void deniedMayBeABroadcastAddressOrTheFirewall() {
        String remedy = SendErrors.remedy(SendErrors.EACCES, "192.0.2.255");
        assertTrue(remedy.contains("192.0.2.255") && remedy.contains("broadcast"), remedy);
        assertTrue(remedy.contains("firewall"), remedy);
    }

    @Test
    void textIsTheSystemsOwn() {
        assertEquals("Network is unreachable", SendErrors.text(SendErrors.ENETUNREACH));
        assertEquals("No route to host", SendErrors.text(SendErrors.EHOSTUNREACH));
        assertEquals("Permission denied", SendErrors.text(SendErrors.EACCES));
        assertEquals("Invalid argument", SendErrors.text(22));
        assertEquals("Unknown error 133", SendErrors.text(133));
    }
}
