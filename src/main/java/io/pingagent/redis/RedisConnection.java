package io.pingagent.redis;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.apache.logging.log4j.LogManager;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.PushConsumerChain;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.RedisInputStream;

/**
 * A Jedis connection (which does log-in, database and errors) with two features that Jedis lacks:
 *
 * <ul>
 *   <li>Commands are written as bytes, and their replies are read without garbage.
 *   <li>A read may stay idle without breaking the connection.
 * </ul>
 *
 * <p>It belongs to the thread that opened it.
 */
@OwnedBy("caller")
public final class RedisConnection extends Connection {

    /** What {@link #readWhenIdle()} returns if nothing came within the read timeout. */
    public static final Object IDLE = new Object();

    private static final Object NONE = new Object();

    private enum Mode {
        LIGHT,
        MAY_IDLE
    }

    private final SocketKeeper sockets;

    /** Null while Jedis reads for itself, as it does in the constructor of the super class. */
    @SuppressWarnings("NullAway.Init")
    private Mode mode;

    private long lastNumber;

    private RedisConnection(SocketKeeper sockets, JedisClientConfig config) {
        super(sockets, config);
        this.sockets = sockets;
    }

    /**
     * @param tls makes TLS of the connection; null for none
     * @throws redis.clients.jedis.exceptions.JedisException if it cannot be reached or refuses the log-in
     */
    static RedisConnection open(HostAndPort server, JedisClientConfig config, @Nullable SSLSocketFactory tls) {
        return new RedisConnection(new SocketKeeper(server, config, tls), config);
    }

    /**
     * Sends commands that are already encoded. Every reply has to be read with {@link #readNumber()} before anything
     * else is done with this connection.
     */
    public void write(byte[] encoded, int length) {
        try {
            OutputStream out = sockets.current().getOutputStream();
            out.write(encoded, 0, length);
            out.flush();
        } catch (IOException e) {
            setBroken();
            throw new JedisConnectionException(e);
        }
    }

    /**
     * Reads one reply of a command sent by {@link #write}: the number of an integer reply, 0 for any other.
     *
     * @throws JedisDataException if the reply is an error; the connection stays usable
     * @throws JedisConnectionException if the connection is lost or too slow
     */
    public long readNumber() {
        return read(Mode.LIGHT) == NONE ? lastNumber : 0;
    }

    /** Sends one command at once, without reading its reply. */
    public void sendNow(ProtocolCommand command, byte[]... arguments) {
        sendCommand(command, arguments);
        flush();
    }

    /** One reply or message, or {@link #IDLE} if none began within the read timeout. */
    public Object readWhenIdle() {
        return read(Mode.MAY_IDLE);
    }

    /** Closes the socket under whoever reads from it. */
    @AnyThread
    public void abort() {
        try {
            forceDisconnect();
        } catch (IOException e) {
            // No constant: commands come through here, and log4j would double their start-up time.
            LogManager.getLogger(RedisConnection.class).debug("closing a connection to Redis failed", e);
        }
    }

    private Object read(Mode how) {
        mode = how;
        try {
            return readProtocolWithCheckingBroken();
        } finally {
            clearMode();
        }
    }

    @SuppressWarnings("NullAway")
    private void clearMode() {
        mode = null;
    }

    @Override
    protected Object protocolRead(RedisInputStream in, PushConsumerChain consumers) {
        if (mode == Mode.LIGHT) {
            if (in.peek((byte) ':')) {
                in.readByte();
                lastNumber = in.readLongCrLf();
                return NONE;
            }
            if (in.peek((byte) '+')) {
                while (in.readByte() != '\n') {
                    lastNumber = 0;
                }
                return NONE;
            }
        } else if (mode == Mode.MAY_IDLE) {
            try {
                in.peek((byte) '*');
            } catch (JedisConnectionException e) {
                if (e.getCause() instanceof SocketTimeoutException) {
                    return IDLE;
                }
                throw e;
            }
        }
        return super.protocolRead(in, consumers);
    }

    /** Keeps hold of the socket, and sizes it so that a batch of commands never blocks in the kernel. */
    private static final class SocketKeeper extends DefaultJedisSocketFactory {

        /** Java has no write timeout: a batch of at most 64 KiB has to fit, twice. */
        private static final int SEND_BUFFER_BYTES = 256 * 1024;

        private volatile Socket socket = new Socket();

        private final HostAndPort server;
        private final @Nullable SSLSocketFactory tls;

        SocketKeeper(HostAndPort server, JedisClientConfig config, @Nullable SSLSocketFactory tls) {
            super(server, config);
            this.server = server;
            this.tls = tls;
        }

        @Override
        public Socket createSocket() {
            Socket made = super.createSocket();
            try {
                made.setSendBufferSize(SEND_BUFFER_BYTES);
                Socket ready = tls == null ? made : secured(made, tls);
                socket = ready;
                return ready;
            } catch (IOException e) {
                try {
                    made.close();
                } catch (IOException closing) {
                    e.addSuppressed(closing);
                }
                throw new JedisConnectionException(e);
            }
        }

        /** The server's certificate has to name the host, as for HTTPS. */
        private Socket secured(Socket plain, SSLSocketFactory factory) throws IOException {
            SSLSocket secure = (SSLSocket) factory.createSocket(plain, server.getHost(), server.getPort(), true);
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secure.setSSLParameters(parameters);
            secure.startHandshake();
            return secure;
        }

        Socket current() {
            return socket;
        }
    }
}
