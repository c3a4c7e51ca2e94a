package io.pingagent.sys;

import io.pingagent.base.AnyThread;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;

/** Datagrams to a unix socket, which Java itself has for streams only. */
@AnyThread
public final class UnixDatagram {

    /** {@code struct sockaddr_un}: family, then at most 108 bytes of path. */
    private static final int FAMILY_BYTES = 2;

    private static final int MAX_PATH_BYTES = 108;

    private UnixDatagram() {}

    /**
     * Sends one datagram; waits only while the receiver's queue is full.
     *
     * @param path a file, or with {@code @} in front a name in the abstract namespace; at most 107 bytes
     * @throws NativeCallException if nobody listens there, or the path is longer
     */
    public static void send(String path, byte[] message) throws NativeCallException {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= MAX_PATH_BYTES) {
            throw new NativeCallException("connect to '" + path + "'", Errno.ENAMETOOLONG);
        }
        boolean isAbstract = path.startsWith("@");
        if (isAbstract) {
            bytes[0] = 0;
        }
        NativeMemory address = new NativeMemory(FAMILY_BYTES + MAX_PATH_BYTES);
        address.bytes().putShort(0, (short) SocketConstants.AF_UNIX).put(FAMILY_BYTES, bytes);
        NativeMemory packet = new NativeMemory(Math.max(1, message.length));
        packet.bytes().put(0, message);
        // An abstract name has no end but the length; a file's ends with a zero.
        int length = FAMILY_BYTES + bytes.length + (isAbstract ? 0 : 1);
        int descriptor =
                Libc.socket(SocketConstants.AF_UNIX, SocketConstants.SOCK_DGRAM | SocketConstants.SOCK_CLOEXEC, 0);
        if (descriptor < 0) {
            throw new NativeCallException("socket", Libc.lastErrno());
        }
        try {
            long sent = Libc.sendto(
                    descriptor,
                    packet.address(0),
                    message.length,
                    SocketConstants.MSG_NOSIGNAL,
                    address.address(0),
                    length);
            if (sent < 0) {
                throw new NativeCallException("send to '" + path + "'", Libc.lastErrno());
            }
        } finally {
            Reference.reachabilityFence(address);
            Reference.reachabilityFence(packet);
            Libc.close(descriptor);
        }
    }
}
