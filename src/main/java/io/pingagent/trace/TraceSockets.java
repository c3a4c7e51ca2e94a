package io.pingagent.trace;

import io.pingagent.base.NotPermittedException;
import io.pingagent.base.OwnedBy;
import io.pingagent.base.ServiceUnreachableException;
import io.pingagent.icmp.EchoKey;
import io.pingagent.icmp.HopSocket;
import io.pingagent.icmp.HopSockets;
import io.pingagent.icmp.IcmpOptions;
import io.pingagent.icmp.IcmpPermissionException;
import io.pingagent.icmp.IcmpSocketException;
import io.pingagent.icmp.IcmpSockets;
import io.pingagent.icmp.SendErrors;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of traces, which have an identifier and a key of their own.
 *
 * @param v4 null if not wanted
 * @param v6 null if not wanted, or the system has no IPv6
 */
public record TraceSockets(@Nullable HopSocket v4, @Nullable HopSocket v6) implements AutoCloseable {

    private static final int RECEIVE_BUFFER_BYTES = 1 << 20;
    private static final int BATCH = 64;

    /**
     * @throws NotPermittedException if a right is missing
     * @throws ServiceUnreachableException if the system does not open them for any other reason
     */
    @OwnedBy("maker")
    public static TraceSockets open(IcmpOptions options, boolean wantsV4, boolean wantsV6) {
        IcmpOptions small = new IcmpOptions(
                options.payloadBytes(),
                options.source(),
                options.marking(),
                new IcmpOptions.Buffers(RECEIVE_BUFFER_BYTES, BATCH, BATCH));
        EchoKey key = EchoKey.random();
        int identifier = IcmpSockets.randomIdentifier();
        HopSocket v4 = null;
        try {
            v4 = wantsV4 ? HopSockets.open(false, small, key, identifier) : null;
            return new TraceSockets(v4, wantsV6 ? openV6(small, key, identifier, wantsV4) : null);
        } catch (IcmpSocketException e) {
            if (v4 != null) {
                v4.close();
            }
            if (e instanceof IcmpPermissionException) {
                throw new NotPermittedException(String.valueOf(e.getMessage()), e);
            }
            throw new ServiceUnreachableException(String.valueOf(e.getMessage()), e);
        }
    }

    @OwnedBy("maker")
    private static @Nullable HopSocket openV6(IcmpOptions options, EchoKey key, int identifier, boolean canDoWithout) {
        try {
            return HopSockets.open(true, options, key, identifier);
        } catch (IcmpSocketException e) {
            boolean hasNoV6 = e.errno() == SendErrors.EAFNOSUPPORT
                    || e.errno() == SendErrors.EADDRNOTAVAIL && options.source().v6() == null;
            if (canDoWithout && hasNoV6) {
                return null;
            }
            throw e;
        }
    }

    @Nullable
    HopSocket of(boolean isV6) {
        return isV6 ? v6 : v4;
    }

    @Override
    @OwnedBy("caller")
    public void close() {
        if (v4 != null) {
            v4.close();
        }
        if (v6 != null) {
            v6.close();
        }
    }
}
