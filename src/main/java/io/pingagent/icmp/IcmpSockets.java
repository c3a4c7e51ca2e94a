package io.pingagent.icmp;

import io.pingagent.base.OwnedBy;
import io.pingagent.sys.RawSocket;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** Opens raw sockets. */
public final class IcmpSockets {

    /** The JVM compiles after some hundred calls. */
    private static final int WARM_UP_SENDS = 1_000;

    private static final SecureRandom RANDOM = new SecureRandom();

    private IcmpSockets() {}

    /**
     * Opens a socket for IPv4.
     *
     * @param identifier first ICMP identifier, 1 to 65,535, see {@link #randomIdentifier()}
     * @throws IcmpPermissionException if a right is missing, naming it
     * @throws IcmpSocketException if the kernel refuses anything else, naming the call or the configuration key
     * @throws UnsupportedOperationException on anything but 64-bit little-endian Linux
     */
    @OwnedBy("maker")
    public static IcmpSocket openV4(IcmpOptions options, EchoKey key, int identifier) {
        return open(false, options, key, identifier, DeviceBinding.Naming.CONFIGURATION);
    }

    /** Opens a socket for IPv6; all else as for {@link #openV4}. */
    @OwnedBy("maker")
    public static IcmpSocket openV6(IcmpOptions options, EchoKey key, int identifier) {
        return open(true, options, key, identifier, DeviceBinding.Naming.CONFIGURATION);
    }

    /**
     * Opens a socket whose interface and source address a job names. They need not exist yet: nothing must be sent
     * while {@link IcmpSocket#bindingProblem} is not null. All else as for {@link #openV4}.
     */
    @OwnedBy("maker")
    public static IcmpSocket openForJob(boolean v6, IcmpOptions options, EchoKey key, int identifier) {
        return open(v6, options, key, identifier, DeviceBinding.Naming.JOB);
    }

    /** An identifier that nobody can foresee, 1 to 65,535. */
    public static int randomIdentifier() {
        return 1 + RANDOM.nextInt(0xffff);
    }

    private static IcmpSocket open(
            boolean v6, IcmpOptions options, EchoKey key, int identifier, DeviceBinding.Naming naming) {
        EchoIdentifiers.checked(identifier);
        DeviceBinding binding = new DeviceBinding(v6, options.source(), naming);
        SocketSetup setup = new SocketSetup(v6, options, binding);
        RawSocket socket = setup.open();
        RawSocket answering = null;
        RawSocket silent = null;
        boolean done = false;
        try {
            if (v6) {
                binding.openLookup();
            }
            SocketSetup.Granted granted = setup.configure(socket, identifier);
            answering = setup.openSender();
            silent = setup.openSender();
            IcmpSocket opened = new RawIcmpSocket(
                    v6,
                    options,
                    key,
                    identifier,
                    new RawIcmpSocket.Opened(socket, senders(setup, answering, silent), binding, granted));
            warmUp(v6, setup, options, key, identifier);
            done = true;
            return opened;
        } finally {
            if (!done) {
                socket.close();
                close(answering);
                close(silent);
                binding.close();
            }
        }
    }

    private static void close(@Nullable RawSocket socket) {
        if (socket != null) {
            socket.close();
        }
    }

    private static RawIcmpSocket.Senders senders(SocketSetup setup, RawSocket answering, RawSocket silent) {
        boolean sendsWholePackets = setup.sendsWholePackets();
        return new RawIcmpSocket.Senders(
                new SendSockets(answering, setup::openSender, !sendsWholePackets),
                new SendSockets(silent, setup::openSender, !sendsWholePackets),
                sendsWholePackets);
    }

    /**
     * Sends by a socket that is closed already, until the way from stamp to system call is compiled. Interpreted, it
     * would add up to half a millisecond to the first RTTs.
     */
    private static void warmUp(boolean v6, SocketSetup setup, IcmpOptions options, EchoKey key, int identifier) {
        RawSocket closed = setup.openBareSender();
        closed.close();
        IcmpSocket nowhere = new RawIcmpSocket(
                v6,
                options,
                key,
                identifier,
                new RawIcmpSocket.Opened(
                        closed,
                        senders(setup, closed, closed),
                        new DeviceBinding(v6, options.source()),
                        new SocketSetup.Granted(0, true)));
        for (int i = 0; i < WARM_UP_SENDS; i++) {
            nowhere.sendEcho(0, i, 0, 0, i, 0, 0);
        }
    }
}
