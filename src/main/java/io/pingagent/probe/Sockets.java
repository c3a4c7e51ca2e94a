package io.pingagent.probe;

import io.pingagent.base.NotPermittedException;
import io.pingagent.base.ServiceUnreachableException;
import io.pingagent.icmp.EchoKey;
import io.pingagent.icmp.IcmpOptions;
import io.pingagent.icmp.IcmpPermissionException;
import io.pingagent.icmp.IcmpSocket;
import io.pingagent.icmp.IcmpSocketException;
import io.pingagent.icmp.IcmpSockets;
import io.pingagent.icmp.SendErrors;
import io.pingagent.model.IpAddress;
import io.pingagent.model.ProbeProfile;
import io.pingagent.model.Zones;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * The raw sockets of one engine, which closes them.
 *
 * @param v4 null if not wanted
 * @param v6 null if not wanted, or the system has no IPv6
 */
public record Sockets(@Nullable IcmpSocket v4, @Nullable IcmpSocket v6) {

    /**
     * @throws NotPermittedException if a right is missing
     * @throws ServiceUnreachableException if the system does not open them for any other reason
     */
    public static Sockets open(IcmpOptions options, boolean wantsV4, boolean wantsV6) {
        EchoKey key = EchoKey.random();
        int identifier = IcmpSockets.randomIdentifier();
        IcmpSocket v4 = null;
        try {
            v4 = wantsV4 ? IcmpSockets.openV4(options, key, identifier) : null;
            return new Sockets(v4, wantsV6 ? openV6(options, key, identifier, wantsV4) : null);
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

    /**
     * Opens those of a job with a profile, whose interface and source need not exist yet.
     *
     * @param options those of the configuration
     * @param wantsV6 whether the system has IPv6
     * @throws NotPermittedException if a right is missing
     * @throws ServiceUnreachableException if the system does not open them for any other reason
     */
    public static Sockets openForJob(IcmpOptions options, ProbeProfile profile, int identifier, boolean wantsV6) {
        IcmpOptions own = options(options, profile);
        EchoKey key = EchoKey.random();
        IcmpSocket v4 = null;
        try {
            v4 = IcmpSockets.openForJob(false, own, key, identifier);
            return new Sockets(v4, wantsV6 ? IcmpSockets.openForJob(true, own, key, identifier) : null);
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

    /** The options of the configuration with what the profile changes. */
    private static IcmpOptions options(IcmpOptions options, ProbeProfile profile) {
        IcmpOptions.Source source = options.source();
        IcmpOptions.Marking marking = options.marking();
        IpAddress sourceV6 = profile.sourceV6();
        return new IcmpOptions(
                or(profile.size(), options.payloadBytes()),
                new IcmpOptions.Source(
                        profile.sourceV4() == null ? source.v4() : v4(profile.sourceV4()),
                        sourceV6 == null ? source.v6() : v6(sourceV6),
                        sourceV6 == null ? source.zone() : zone(sourceV6),
                        profile.interfaceName() == null ? source.interfaceName() : profile.interfaceName()),
                new IcmpOptions.Marking(
                        or(profile.dscp(), marking.dscp()),
                        or(profile.ttl(), marking.ttl()),
                        marking.mark(),
                        or(profile.dontFragment(), marking.dontFragment())),
                options.buffers());
    }

    private static <T> T or(@Nullable T value, T configured) {
        return value == null ? configured : value;
    }

    private static @Nullable IcmpSocket openV6(IcmpOptions options, EchoKey key, int identifier, boolean canDoWithout) {
        try {
            return IcmpSockets.openV6(options, key, identifier);
        } catch (IcmpSocketException e) {
            boolean hasNoV6 = e.errno() == SendErrors.EAFNOSUPPORT
                    || e.errno() == SendErrors.EADDRNOTAVAIL && options.source().v6() == null;
            if (canDoWithout && hasNoV6) {
                return null;
            }
            throw e;
        }
    }

    /** Packets that the kernel dropped, see {@link IcmpSocket#kernelDrops}. */
    long kernelDrops() {
        return (v4 == null ? 0 : v4.kernelDrops()) + (v6 == null ? 0 : v6.kernelDrops());
    }

    void close() {
        if (v4 != null) {
            v4.close();
        }
        if (v6 != null) {
            v6.close();
        }
    }

    public static @Nullable Inet4Address v4(@Nullable IpAddress address) {
        return address == null || address.isV6() ? null : (Inet4Address) convert(address);
    }

    public static @Nullable Inet6Address v6(@Nullable IpAddress address) {
        return address == null || !address.isV6() ? null : (Inet6Address) convert(address);
    }

    /** The zone of a source address, or null if it has none. */
    public static @Nullable String zone(@Nullable IpAddress address) {
        return address == null || address.zone() == 0 ? null : Zones.name(address.zone());
    }

    private static InetAddress convert(IpAddress address) {
        try {
            return address.isV6()
                    ? Inet6Address.getByAddress(null, v6Bytes(address), 0)
                    : InetAddress.getByAddress(new byte[] {
                        (byte) (address.low() >>> 24),
                        (byte) (address.low() >>> 16),
                        (byte) (address.low() >>> 8),
                        (byte) address.low()
                    });
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 bytes is always valid", e);
        }
    }

    private static byte[] v6Bytes(IpAddress address) {
        byte[] bytes = new byte[16];
        for (int i = 0; i < 8; i++) {
            bytes[i] = (byte) (address.high() >>> 56 - 8 * i);
            bytes[8 + i] = (byte) (address.low() >>> 56 - 8 * i);
        }
        return bytes;
    }
}
