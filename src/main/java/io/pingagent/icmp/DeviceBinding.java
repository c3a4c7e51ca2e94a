package io.pingagent.icmp;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import io.pingagent.sys.Errno;
import io.pingagent.sys.InterfaceLookup;
import io.pingagent.sys.NativeCallException;
import io.pingagent.sys.RawSocket;
import io.pingagent.sys.SocketConstants;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps sockets of one family bound to the interface and the source address that the configuration names.
 *
 * <p>The kernel binds a socket to the index of an interface, not to its name. An interface that is deleted and made
 * again has another index. Then nothing passes the socket any more: IPv4 sends fail with ENODEV, IPv6 sends with
 * ENETUNREACH, and replies do not match. So the binding is renewed by name every few seconds, which costs a system call
 * or two. A bound source address is checked by the same means: {@code bind} fails while no interface has it.
 *
 * <p>Until the socket is open, the thread that opens uses this.
 */
@OwnedBy("caller")
final class DeviceBinding implements AutoCloseable {

    private final boolean v6;
    private final IcmpOptions.Source source;
    private final byte @Nullable [] deviceName;
    private final Naming naming;
    private final List<RawSocket> sockets = new ArrayList<>();
    private @Nullable InterfaceLookup lookup;
    private volatile @Nullable String problem;

    DeviceBinding(boolean v6, IcmpOptions.Source source) {
        this(v6, source, Naming.CONFIGURATION);
    }

    DeviceBinding(boolean v6, IcmpOptions.Source source, Naming naming) {
        this.v6 = v6;
        this.source = source;
        this.naming = naming;
        String name = source.interfaceName();
        deviceName = name == null ? null : (name + '\0').getBytes(StandardCharsets.UTF_8);
    }

    /** Where interface and source are named, and whether they must exist at once. */
    enum Naming {
        /** {@code probe.*} of the configuration: they must. */
        CONFIGURATION("probe."),
        /** A job: its probes wait for them, see {@link DeviceBinding#problem}. */
        JOB("");

        private final String prefix;

        Naming(String prefix) {
            this.prefix = prefix;
        }
    }

    /**
     * Binds one more socket, which {@link #refresh} cares for from now on.
     *
     * @throws IcmpSocketException if the kernel refuses, or interface or address of the configuration do not exist now;
     *     names the key
     */
    void bind(RawSocket socket) {
        try {
            renew(socket);
        } catch (IcmpSocketException e) {
            if (naming == Naming.CONFIGURATION || e instanceof IcmpPermissionException) {
                throw e;
            }
            problem = e.getMessage();
        }
        sockets.add(socket);
    }

    /** Renews every binding; what fails is in {@link #problem} until it works. Throws nothing. */
    void refresh() {
        if (deviceName == null && address() == null) {
            return;
        }
        String found = null;
        for (RawSocket socket : sockets) {
            try {
                renew(socket);
            } catch (IcmpSocketException e) {
                found = e.getMessage();
            }
        }
        problem = found;
    }

    /**
     * Why the sockets are not bound as configured, like {@code probe.interface 'ppp0': there is no such interface}, or
     * null.
     */
    @AnyThread
    @Nullable
    String problem() {
        return problem;
    }

    /**
     * The index that an interface has now, -1 if there is none.
     *
     * @param name or index in decimal
     */
    int interfaceIndex(String name) {
        return lookup == null ? InterfaceLookup.NONE : lookup.index(name);
    }

    /** Opens what {@link #interfaceIndex} needs, in the network namespace of the calling thread. */
    void openLookup() {
        try {
            lookup = InterfaceLookup.open();
        } catch (NativeCallException e) {
            throw new IcmpSocketException("cannot look up interfaces: " + e.getMessage(), e.errno());
        }
    }

    /** In that order: a link-local source with a zone binds to its interface, whatever was set before. */
    private void renew(RawSocket socket) {
        bindToInterface(socket);
        bindToSource(socket);
    }

    private void bindToInterface(RawSocket socket) {
        if (deviceName == null) {
            return;
        }
        try {
            socket.setOption(
                    "SO_BINDTODEVICE", SocketConstants.SOL_SOCKET, SocketConstants.SO_BINDTODEVICE, deviceName);
        } catch (NativeCallException e) {
            String key = naming.prefix + "interface '" + source.interfaceName() + "'";
            if (SocketSetup.isPermission(e)) {
                throw new IcmpPermissionException(
                        key + " " + SocketSetup.RAW_REMEDY + " (" + e.getMessage() + ")", e.errno());
            }
            throw new IcmpSocketException(
                    e.errno() == Errno.ENODEV
                            ? key + ": there is no such interface (" + e.getMessage() + ")"
                            : key + ": " + e.getMessage(),
                    e.errno());
        }
    }

    private void bindToSource(RawSocket socket) {
        InetAddress address = address();
        if (address == null) {
            return;
        }
        String zone = v6 ? source.zone() : null;
        int index = zone == null ? 0 : interfaceIndex(zone);
        if (index < 0) {
            throw new IcmpSocketException(
                    naming.prefix + "source " + address.getHostAddress() + "%" + zone + ": there is no interface '"
                            + zone + "'",
                    Errno.ENODEV);
        }
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        try {
            if (address instanceof Inet6Address) {
                socket.bind(true, bytes.getLong(0), bytes.getLong(Long.BYTES), index);
            } else {
                socket.bind(false, 0, bytes.getInt(0) & 0xffff_ffffL, 0);
            }
        } catch (NativeCallException e) {
            String key = naming.prefix + "source " + address.getHostAddress() + (zone == null ? "" : "%" + zone);
            throw new IcmpSocketException(
                    e.errno() == Errno.EADDRNOTAVAIL
                            ? key + ": no interface has this address (" + e.getMessage() + ")"
                            : key + ": " + e.getMessage(),
                    e.errno());
        }
    }

    private @Nullable InetAddress address() {
        return v6 ? source.v6() : source.v4();
    }

    @Override
    @OwnedBy("caller")
    public void close() {
        if (lookup != null) {
            lookup.close();
        }
    }
}
