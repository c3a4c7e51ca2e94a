package io.pingagent.icmp;

import io.pingagent.icmp.IcmpOptions.Buffers;
import io.pingagent.icmp.IcmpOptions.Marking;
import io.pingagent.icmp.IcmpOptions.Source;

/** Options of sockets in tests: what a test does not care for is left to the system. */
public final class TestOptions {

    private static final int PAYLOAD_BYTES = 56;

    private TestOptions() {}

    /** 56 bytes of payload, 64 MiB of buffer wanted, batches of 64 out and 256 in. */
    public static IcmpOptions defaults() {
        return of(new Buffers(64 << 20, 64, 256));
    }

    public static IcmpOptions of(Buffers buffers) {
        return new IcmpOptions(PAYLOAD_BYTES, Source.ANY, Marking.NONE, buffers);
    }
}
