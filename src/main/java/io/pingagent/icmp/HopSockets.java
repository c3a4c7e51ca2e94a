package io.pingagent.icmp;

import io.pingagent.base.OwnedBy;

/** Opens raw sockets for traces. */
public final class HopSockets {

    private HopSockets() {}

    /**
     * Opens sockets of one IP version. The TTL of the options does not count.
     *
     * @param identifier ICMP identifier, 1 to 65,535; another one than that of any other socket of this process
     * @throws IcmpPermissionException if a right is missing, naming it
     * @throws IcmpSocketException if the kernel refuses anything else, naming the call or the configuration key
     * @throws UnsupportedOperationException on anything but 64-bit little-endian Linux
     */
    @OwnedBy("maker")
    public static HopSocket open(boolean v6, IcmpOptions options, EchoKey key, int identifier) {
        return new RawHopSocket(v6, options, key, identifier);
    }
}
