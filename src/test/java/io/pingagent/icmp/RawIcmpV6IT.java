package io.pingagent.icmp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pingagent.sys.IncomingMessages;
import io.pingagent.sys.RawSocket;
import io.pingagent.sys.SocketConstants;
import io.pingagent.testkit.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("root")
class RawIcmpV6IT extends RawSocketContract {

    @BeforeAll
    static void needsIpv6() {
        Requires.rawSocketsV6();
        Requires.require(
                "IPv6 on the loopback interface",
                RawIcmpV6IT::loopbackHasIpv6,
                "enable it (sysctl net.ipv6.conf.lo.disable_ipv6=0; Debian package procps)");
    }

    private static boolean loopbackHasIpv6() {
        Path addresses = Path.of("/proc/net/if_inet6");
        try {
            return Files.exists(addresses) && Files.readString(addresses).contains(" lo\n");
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    boolean v6() {
        return true;
    }

    @Override
    long answeringLow() {
        return 1;
    }

    /** A link-local address on an interface that does not exist. */
    @Override
    long[] refusedDestination() {
        return new long[] {0xfe80_0000_0000_0000L, 1, 999_999};
    }

    @Test
    void packetCarriesHopLimit() throws Exception {
        try (RawSocket listener = bareSocket()) {
            listener.setOption("IPV6_RECVHOPLIMIT", SocketConstants.IPPROTO_IPV6, SocketConstants.IPV6_RECVHOPLIMIT, 1);
            IcmpOptions limited = new IcmpOptions(
                    56,
                    IcmpOptions.Source.ANY,
                    new IcmpOptions.Marking(0, 33, 0, true),
                    new IcmpOptions.Buffers(1 << 20, 1, 1));
            assertEquals(0, send(open(limited, key, IDENTIFIER), 1, 1));
            IncomingMessages seen = new IncomingMessages(true, 16, 256);
            // Usually at once; a busy kernel delivers later.
            for (int attempt = 0; attempt < 10_000; attempt++) {
                int count = listener.receive(seen);
                for (int i = 0; i < count; i++) {
                    if ((seen.packets().get(seen.packetOffset(i)) & 0xff) == EchoCodec.V6_REQUEST) {
                        seen.readControl(i);
                        assertEquals(33, seen.hopLimit());
                        return;
                    }
                }
                seen.rearm(count);
                LockSupport.parkNanos(1_000_000);
            }
            throw new AssertionError("the request is not seen");
        }
    }
}
