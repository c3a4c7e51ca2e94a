package io.pingagent.redis;

import io.pingagent.keyfile.KeyFileException;
import io.pingagent.keyfile.PemFiles;
import io.pingagent.keyfile.TlsContexts;
import io.pingagent.model.Problem;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Opens connections to the configured Redis, each named {@code ping-agent:<agent>:<role>} in {@code CLIENT LIST}, with
 * bounded connect and read times. Immutable, any thread; a connection belongs to the thread that opened it.
 */
public final class RedisConnector {

    private final RedisSettings settings;
    private final HostAndPort server;

    public RedisConnector(RedisSettings settings) {
        this.settings = settings;
        this.server = new HostAndPort(settings.url().host(), settings.url().port());
    }

    public RedisSettings settings() {
        return settings;
    }

    /** Host and port, for messages. */
    public String server() {
        return server.toString();
    }

    /**
     * @param role what the connection is for, lower case: {@code writer}, {@code cli}
     * @return a connection that the caller closes
     * @throws RedisUnreachableException if Redis cannot be reached or refuses the log-in or the database
     */
    public Jedis open(String role) {
        return new Jedis(openConnection(role, settings.readTimeout().toMillis()));
    }

    /** As {@link #open}, without Jedis's commands around it. */
    public RedisConnection openConnection(String role, long readTimeoutMillis) {
        RedisConnection made;
        try {
            made = RedisConnection.open(
                    server, clientConfig(role, readTimeoutMillis), settings.tls() ? tlsSockets() : null);
        } catch (JedisException e) {
            throw away(e);
        }
        try {
            requireOneServer(made);
            return made;
        } catch (JedisException e) {
            made.abort();
            throw away(e);
        } catch (RedisUnreachableException e) {
            made.abort();
            throw e;
        }
    }

    /** Sentinel knows none of the commands, and of a cluster each node has only some of the keys. */
    private void requireOneServer(RedisConnection made) {
        switch (ServerFacts.ask(new Jedis(made)).mode()) {
            case "sentinel" ->
                throw new RedisUnreachableException(
                        "Redis at " + server + " is a Sentinel, which is not supported; let redis.url name the master"
                                + " itself, or a name or proxy that follows it",
                        null);
            case "cluster" ->
                throw new RedisUnreachableException(
                        "Redis at " + server + " is a node of a Redis Cluster, which is not supported; let redis.url"
                                + " name a server that runs with cluster-enabled no",
                        null);
            default -> {
                // One server, or one that does not say.
            }
        }
    }

    /** For a connection that has to write or to hear of writes, and finds a server that takes none. */
    public RedisUnreachableException readOnly() {
        return new RedisUnreachableException(
                "Redis at " + server + " is a read-only replica; let redis.url name the master, or a name or proxy that"
                        + " follows it",
                null);
    }

    /** Turns any failure of Jedis into the one line that a user needs. */
    public RedisUnreachableException away(JedisException failure) {
        String reason = reason(failure);
        boolean refuses = failure instanceof JedisDataException && RedisError.of(reason) != RedisError.LOADING;
        return new RedisUnreachableException(
                "Redis at " + server + (refuses ? " refuses: " : " is unreachable: ") + reason + "; "
                        + remedy(failure, reason),
                failure);
    }

    /** A message of this class or of another part of this package, as what, where and what to do. */
    public Problem problem(String message) {
        String where = "Redis at " + server;
        String rest = message;
        int colon = message.indexOf(": ");
        if (message.startsWith(where + ' ')) {
            rest = message.substring(where.length() + 1);
        } else if (message.startsWith("agent-") && colon > 0) {
            where = message.substring(0, colon);
            rest = message.substring(colon + 2);
        }
        int end = rest.lastIndexOf("; ");
        return end < 0
                ? new Problem(where, rest, "see the log of this agent and of the server")
                : new Problem(where, rest.substring(0, end), rest.substring(end + 2));
    }

    /**
     * One line for whatever ended the use of a connection.
     *
     * @param doing what failed, before the server's name: {@code writing to}
     */
    public String explain(RuntimeException failure, String doing) {
        if (failure instanceof RedisUnreachableException || failure instanceof NameTakenException) {
            return String.valueOf(failure.getMessage());
        }
        if (failure instanceof JedisException jedis) {
            return String.valueOf(away(jedis).getMessage());
        }
        return doing + " Redis at " + server + " failed: " + failure;
    }

    /** The innermost message: Jedis hides "Connection refused" two levels down. */
    public static String reason(Throwable failure) {
        Throwable innermost = failure;
        while (true) {
            if (innermost.getCause() != null && innermost.getCause() != innermost) {
                innermost = innermost.getCause();
            } else if (innermost.getSuppressed().length > 0) {
                innermost = innermost.getSuppressed()[0];
            } else {
                break;
            }
        }
        String message = innermost.getMessage();
        if (message == null || message.isEmpty()) {
            return innermost.getClass().getSimpleName();
        }
        if (innermost instanceof java.net.UnknownHostException) {
            return "unknown host " + message;
        }
        return message.lines().findFirst().orElse(message);
    }

    private String remedy(JedisException failure, String reason) {
        if (failure instanceof JedisDataException) {
            return RedisError.of(reason).remedy();
        }
        if (settings.tls() && isRefusalOfClient(reason)) {
            return settings.certificates().keyFile() == null
                    ? "does it ask for a certificate? Set redis.tls-certificate-file and redis.tls-key-file"
                    : "does it trust the certificate in redis.tls-certificate-file? Look into its log";
        }
        if (reason.contains("certif") || reason.contains("PKIX") || reason.contains("SSL") || reason.contains("TLS")) {
            return "check redis.tls-ca-file, the host name in the certificate, and that the server speaks TLS";
        }
        return settings.tls()
                ? "start it, or correct redis.url; its tls-port is needed for rediss://"
                : "start it, or correct redis.url";
    }

    /**
     * With TLS 1.3 a server refuses a client after the handshake, and the reason may be lost in the closed connection.
     */
    private static boolean isRefusalOfClient(String reason) {
        return reason.contains("certificate_required")
                || reason.contains("bad_certificate")
                || reason.contains("unknown_ca")
                || reason.contains("Broken pipe")
                || reason.contains("Connection reset")
                || reason.contains("end of stream");
    }

    private DefaultJedisClientConfig clientConfig(String role, long readTimeoutMillis) {
        DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder()
                .resp2()
                .connectionTimeoutMillis(clampToInt(settings.connectTimeout().toMillis()))
                .socketTimeoutMillis(clampToInt(readTimeoutMillis))
                .blockingSocketTimeoutMillis(clampToInt(readTimeoutMillis))
                .database(settings.database())
                // The library's own name: a right more that an ACL had to give.
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                .clientName(clientName(role));
        String user = settings.url().user();
        String password = settings.url().password();
        if (user != null || password != null) {
            config.user(user).password(password == null ? "" : password);
        }
        return config.build();
    }

    /** Redis allows no space or control character in a client's name, Jedis none beyond ASCII. */
    private String clientName(String role) {
        return ("ping-agent:" + settings.agent() + ':' + role).replaceAll("[^!-~]", "-");
    }

    /** Read again for each connection, so that a renewed certificate is used without a restart. */
    private SSLSocketFactory tlsSockets() {
        Path caFile = settings.certificates().caFile();
        Path certificateFile = settings.certificates().certificateFile();
        Path keyFile = settings.certificates().keyFile();
        try {
            return TlsContexts.of(
                            caFile == null ? List.of() : PemFiles.certificates(caFile),
                            certificateFile == null ? List.of() : PemFiles.certificates(certificateFile),
                            keyFile == null ? null : PemFiles.privateKey(keyFile))
                    .getSocketFactory();
        } catch (KeyFileException e) {
            throw new RedisUnreachableException(
                    "Redis at " + server + " cannot be asked: " + e.what() + "; " + e.remedy(), e);
        } catch (GeneralSecurityException e) {
            throw new RedisUnreachableException(
                    "Redis at " + server + " cannot be asked: the certificate in '" + certificateFile
                            + "' and the key in '" + keyFile + "' cannot be used together (" + e.getMessage()
                            + "); name the key of this certificate in redis.tls-key-file",
                    e);
        }
    }

    private static int clampToInt(long millis) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, millis));
    }
}
