package io.pingagent.config;

import io.pingagent.config.Keys.LastMsFormat;
import io.pingagent.config.ZabbixConfig.Tls.Connect;
import io.pingagent.keyfile.KeyFileException;
import io.pingagent.keyfile.KeyFiles;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks what concerns several keys at once, reads the files that keys name, and builds the records. */
final class ConfigAssembler {

    /** 128 less "ping ", a blank and the longest address with its zone. */
    private static final int LONGEST_HOST_PER_ADDRESS = 64;

    private final Settings settings;
    private final List<Problem> problems;

    ConfigAssembler(Settings settings, List<Problem> problems) {
        this.settings = settings;
        this.problems = problems;
    }

    /** Null if there are problems, old or new. */
    @Nullable
    Config assemble() {
        String password = redisPassword();
        checkRedis();
        IpAddress sourceV4 = source(false);
        IpAddress sourceV6 = source(true);
        checkZabbix();
        if (!problems.isEmpty()) {
            return null;
        }
        RedisUrl url = settings.get(Keys.REDIS_URL);
        String user = url.user() != null ? url.user() : settings.orNull(Keys.REDIS_USER);
        return new Config(
                new AgentConfig(
                        settings.get(Keys.AGENT_NAME),
                        settings.get(Keys.ONLINE_TTL),
                        settings.orNull(Keys.AGENT_SOCKET)),
                new RedisConfig(
                        url.location(),
                        user,
                        password,
                        settings.get(Keys.STATUS_INTERVAL),
                        settings.get(Keys.RELOAD_INTERVAL),
                        settings.get(Keys.LAST_MS_FORMAT) == LastMsFormat.DECIMAL,
                        settings.get(Keys.PER_IP_STATUS),
                        settings.orNull(Keys.REDIS_TLS_CA_FILE),
                        settings.orNull(Keys.REDIS_TLS_CERTIFICATE_FILE),
                        settings.orNull(Keys.REDIS_TLS_KEY_FILE)),
                new ProbeConfig(
                        settings.get(Keys.TIMEOUT),
                        settings.get(Keys.RATE_LIMIT),
                        settings.get(Keys.SIZE),
                        sourceV4,
                        sourceV6,
                        settings.orNull(Keys.INTERFACE),
                        settings.get(Keys.DSCP),
                        settings.get(Keys.TTL),
                        settings.get(Keys.MARK),
                        settings.get(Keys.DONT_FRAGMENT),
                        settings.get(Keys.TRANSMIT_TIMESTAMPS),
                        Math.toIntExact(settings.get(Keys.RECEIVE_BUFFER)),
                        settings.get(Keys.IDENTIFIER_INTERVAL),
                        settings.get(Keys.ISOLATION_SHARE),
                        settings.get(Keys.CANARIES)),
                new JobsConfig(settings.get(Keys.TIME_ZONE)),
                new ErrListConfig(
                        settings.get(Keys.ENTER_AFTER),
                        settings.get(Keys.ERR_LIST_SPEC),
                        settings.get(Keys.CHECK_SPEC),
                        settings.get(Keys.REVIEW_SPEC),
                        settings.get(Keys.RECOVER_LOSS)),
                zabbix(),
                new LoggingConfig(settings.get(Keys.LOGGING_LEVEL)));
    }

    private ZabbixConfig zabbix() {
        String host = settings.orNull(Keys.HOST);
        return new ZabbixConfig(
                settings.get(Keys.SERVERS),
                host != null ? host : settings.get(Keys.AGENT_NAME),
                settings.orNull(Keys.HOST_METADATA),
                settings.get(Keys.PUSH_INTERVAL),
                settings.get(Keys.DISCOVERY_INTERVAL),
                settings.get(Keys.GROUPS),
                Set.copyOf(settings.get(Keys.ITEMS)),
                settings.get(Keys.ERR_LIST_ONLY),
                settings.get(Keys.HOST_PER_ADDRESS),
                settings.get(Keys.DOWN_AFTER),
                settings.get(Keys.UP_AFTER),
                new ZabbixConfig.Buffer(
                        settings.get(Keys.BUFFER_DIRECTORY),
                        settings.get(Keys.BUFFER_MAX_SIZE),
                        settings.get(Keys.BUFFER_MAX_AGE)),
                new ZabbixConfig.Tls(
                        settings.get(Keys.TLS_CONNECT),
                        settings.orNull(Keys.TLS_PSK_IDENTITY),
                        settings.orNull(Keys.TLS_PSK_FILE),
                        settings.orNull(Keys.TLS_CA_FILE),
                        settings.orNull(Keys.TLS_CERT_FILE),
                        settings.orNull(Keys.TLS_KEY_FILE),
                        settings.orNull(Keys.TLS_SERVER_CERT_ISSUER),
                        settings.orNull(Keys.TLS_SERVER_CERT_SUBJECT)),
                new ZabbixConfig.Api(
                        settings.orNull(Keys.API_URL),
                        settings.orNull(Keys.API_TOKEN_FILE),
                        settings.orNull(Keys.API_CA_FILE),
                        settings.get(Keys.IMPORT)));
    }

    private @Nullable String redisPassword() {
        RedisUrl url = settings.orNull(Keys.REDIS_URL);
        String inUrl = url == null ? null : url.password();
        String inFile = settings.isSet(Keys.REDIS_PASSWORD_FILE) ? readPassword() : null;
        int given = (inUrl == null ? 0 : 1)
                + (settings.isSet(Keys.REDIS_PASSWORD) ? 1 : 0)
                + (settings.isSet(Keys.REDIS_PASSWORD_FILE) ? 1 : 0);
        if (given > 1) {
            Key<?> culprit = settings.isSet(Keys.REDIS_PASSWORD_FILE) ? Keys.REDIS_PASSWORD_FILE : Keys.REDIS_PASSWORD;
            add(
                    culprit,
                    "the password is given more than once",
                    "keep one of redis.url, redis.password and redis.password-file");
        }
        return inUrl != null ? inUrl : inFile != null ? inFile : settings.orNull(Keys.REDIS_PASSWORD);
    }

    private @Nullable String readPassword() {
        try {
            return KeyFiles.password(settings.get(Keys.REDIS_PASSWORD_FILE));
        } catch (KeyFileException e) {
            add(Keys.REDIS_PASSWORD_FILE, e.what(), e.remedy());
            return null;
        }
    }

    private void checkRedis() {
        RedisUrl url = settings.orNull(Keys.REDIS_URL);
        if (url == null) {
            return;
        }
        String user = settings.orNull(Keys.REDIS_USER);
        if (user != null && url.user() != null && !user.equals(url.user())) {
            add(Keys.REDIS_USER, "redis.url names another user, '" + url.user() + "'", "keep one of them");
        }
        boolean tls = url.location().getScheme().equals("rediss");
        for (Key<Path> key :
                List.of(Keys.REDIS_TLS_CA_FILE, Keys.REDIS_TLS_CERTIFICATE_FILE, Keys.REDIS_TLS_KEY_FILE)) {
            if (settings.isSet(key) && !tls) {
                add(key, "it is not used without TLS", "write rediss:// in redis.url or remove it");
            } else if (settings.isSet(key)) {
                checkReadable(key);
            }
        }
        requirePair(Keys.REDIS_TLS_CERTIFICATE_FILE, Keys.REDIS_TLS_KEY_FILE);
        requirePair(Keys.REDIS_TLS_KEY_FILE, Keys.REDIS_TLS_CERTIFICATE_FILE);
        checkPrivate(Keys.REDIS_TLS_KEY_FILE);
    }

    private void requirePair(Key<?> key, Key<?> other) {
        if (settings.isSet(key) && settings.valid(other) && !settings.isSet(other)) {
            add(key, "it is not used without " + other.path(), "set " + other.path() + " too, or remove it");
        }
    }

    private @Nullable IpAddress source(boolean v6) {
        List<IpAddress> sources = settings.orNull(Keys.SOURCE);
        if (sources == null) {
            return null;
        }
        List<IpAddress> ofFamily =
                sources.stream().filter(address -> address.isV6() == v6).toList();
        if (ofFamily.size() > 1) {
            add(
                    Keys.SOURCE,
                    "it has " + ofFamily.size() + " " + (v6 ? "IPv6" : "IPv4") + " addresses",
                    "write one IPv4 and one IPv6 address at most");
        }
        return ofFamily.isEmpty() ? null : ofFamily.get(0);
    }

    private void checkZabbix() {
        List<HostPort> servers = settings.orNull(Keys.SERVERS);
        String name = settings.orNull(Keys.AGENT_NAME);
        if (servers != null
                && !servers.isEmpty()
                && name != null
                && settings.valid(Keys.HOST)
                && !settings.isSet(Keys.HOST)) {
            add(
                    Keys.HOST,
                    "the agent's name '" + name + "' is not valid as a Zabbix host",
                    "set zabbix.host to " + Keys.HOST.type().range());
        }
        checkHostPerAddress();
        checkApi();
        if (!settings.valid(Keys.TLS_CONNECT)) {
            return;
        }
        Connect connect = settings.get(Keys.TLS_CONNECT);
        require(connect, Connect.PSK, Keys.TLS_PSK_IDENTITY, Keys.TLS_PSK_FILE);
        require(connect, Connect.CERT, Keys.TLS_CA_FILE, Keys.TLS_CERT_FILE, Keys.TLS_KEY_FILE);
        refuseUnused(connect, Connect.PSK, Keys.TLS_PSK_IDENTITY, Keys.TLS_PSK_FILE);
        refuseUnused(
                connect,
                Connect.CERT,
                Keys.TLS_CA_FILE,
                Keys.TLS_CERT_FILE,
                Keys.TLS_KEY_FILE,
                Keys.TLS_SERVER_CERT_ISSUER,
                Keys.TLS_SERVER_CERT_SUBJECT);
        if (connect == Connect.PSK) {
            checkReadable(Keys.TLS_PSK_FILE);
            checkPrivate(Keys.TLS_PSK_FILE);
        } else if (connect == Connect.CERT) {
            List.of(Keys.TLS_CA_FILE, Keys.TLS_CERT_FILE, Keys.TLS_KEY_FILE).forEach(this::checkReadable);
            checkPrivate(Keys.TLS_KEY_FILE);
        }
    }

    private void checkApi() {
        requirePair(Keys.API_URL, Keys.API_TOKEN_FILE);
        requirePair(Keys.API_TOKEN_FILE, Keys.API_URL);
        checkReadable(Keys.API_TOKEN_FILE);
        checkPrivate(Keys.API_TOKEN_FILE);
        URI url = settings.orNull(Keys.API_URL);
        if (settings.isSet(Keys.API_CA_FILE) && settings.valid(Keys.API_URL)) {
            if (url == null || !url.getScheme().equals("https")) {
                add(Keys.API_CA_FILE, "it is not used without TLS", "write https:// in zabbix.api-url or remove it");
            } else {
                checkReadable(Keys.API_CA_FILE);
            }
        }
        List<ZabbixImport> imports = settings.orNull(Keys.IMPORT);
        if (imports == null || imports.isEmpty()) {
            return;
        }
        if (url == null && settings.valid(Keys.API_URL)) {
            add(Keys.IMPORT, "it is not used without zabbix.api-url", "set zabbix.api-url too, or remove it");
        }
        Set<String> groups = new HashSet<>();
        for (ZabbixImport entry : imports) {
            if (!groups.add(entry.group())) {
                add(
                        Keys.IMPORT,
                        "two entries fill group '" + entry.group() + "', and each would remove what the other adds",
                        "name another group in one of them, or make one entry of them");
            }
        }
    }

    /** The name of an address's host begins with that of the agent's, and Zabbix allows 128 characters. */
    private void checkHostPerAddress() {
        String host = settings.orNull(Keys.HOST);
        String name = host == null ? settings.orNull(Keys.AGENT_NAME) : host;
        if (settings.valid(Keys.HOST_PER_ADDRESS)
                && settings.get(Keys.HOST_PER_ADDRESS)
                && name != null
                && name.length() > LONGEST_HOST_PER_ADDRESS) {
            add(
                    Keys.HOST,
                    "'" + name + "' is too long for zabbix.host-per-address",
                    "set zabbix.host to a name of at most " + LONGEST_HOST_PER_ADDRESS + " characters");
        }
    }

    private void require(Connect connect, Connect needing, Key<?>... keys) {
        for (Key<?> key : keys) {
            if (connect == needing && settings.valid(key) && !settings.isSet(key)) {
                add(
                        Keys.TLS_CONNECT,
                        Keys.TLS_CONNECT.type().format(connect) + " needs " + key.path(),
                        "set " + key.path());
            }
        }
    }

    /** As Zabbix's own programs do: a key that is set and not used is a connection less safe than its owner believes. */
    private void refuseUnused(Connect connect, Connect using, Key<?>... keys) {
        for (Key<?> key : keys) {
            if (connect != using && settings.isSet(key)) {
                add(
                        key,
                        "it is not used with zabbix.tls-connect: "
                                + Keys.TLS_CONNECT.type().format(connect),
                        "remove it or set zabbix.tls-connect: "
                                + Keys.TLS_CONNECT.type().format(using));
            }
        }
    }

    private void checkReadable(Key<Path> key) {
        Path file = settings.orNull(key);
        if (file != null && !(Files.isRegularFile(file) && Files.isReadable(file))) {
            add(key, "'" + file + "' is not a file that this user can read", "create it or mend its rights");
        }
    }

    /** A secret that every user of this machine can read is none. */
    private void checkPrivate(Key<Path> key) {
        Path file = settings.orNull(key);
        if (file == null || !Files.isReadable(file)) {
            return;
        }
        try {
            KeyFiles.requirePrivate(file);
        } catch (KeyFileException e) {
            add(key, e.what(), e.remedy());
        }
    }

    private void add(Key<?> key, String what, String remedy) {
        problems.add(new Problem(settings.setting(key).where(), what, remedy));
    }
}
