package io.pingagent.config;

import io.pingagent.base.InvalidValueException;
import io.pingagent.config.read.Environment;
import io.pingagent.config.read.HostName;
import io.pingagent.config.read.Origin;
import io.pingagent.config.read.RawValue;
import io.pingagent.config.read.Setting;
import io.pingagent.config.read.Settings;
import io.pingagent.config.read.YamlFile;
import io.pingagent.config.type.Key;
import io.pingagent.keyfile.KeyFileException;
import io.pingagent.keyfile.KeyFiles;
import io.pingagent.model.FileNames;
import io.pingagent.model.Problem;
import io.pingagent.redis.RedisUrl;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the configuration: defaults, then the file, then the environment; all problems are found in one pass.
 * Stateless, any thread.
 */
public final class ConfigLoader {

    /** Read when no other file is named; it need not exist. */
    public static final Path DEFAULT_FILE = Path.of("/etc/ping-agent/ping-agent.yaml");

    private final Map<String, String> environment;
    private final List<Problem> problems = new ArrayList<>();

    private ConfigLoader(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * @param file must exist; null for the one that {@value Environment#FILE_VARIABLE} names, else
     *     {@link #DEFAULT_FILE}
     * @param environment as from {@link System#getenv()}
     * @throws ConfigException if anything is wrong, with all that is
     * @throws ConfigDeniedException if this user may not read the file
     */
    public static Config load(@Nullable Path file, Map<String, String> environment) {
        return loadEffective(file, environment).config();
    }

    /** Same, with the origin of each value. */
    public static EffectiveConfig loadEffective(@Nullable Path file, Map<String, String> environment) {
        return new ConfigLoader(environment).load(file);
    }

    /**
     * Names of the variables that a container platform made of a service called {@code ping-agent}: they look like
     * keys and are left alone.
     */
    public static List<String> serviceLinks(Map<String, String> environment) {
        return Environment.serviceLinks(environment, Keys.KNOWN);
    }

    private EffectiveConfig load(@Nullable Path explicitFile) {
        Path named = explicitFile != null ? explicitFile : fileOfEnvironment();
        Path file = named != null ? named : DEFAULT_FILE;
        Map<String, RawValue> fromFile = named != null || Files.exists(DEFAULT_FILE) ? readFile(file) : Map.of();
        Map<String, RawValue> fromEnvironment = Environment.read(environment, Keys.KNOWN, problems);
        Settings settings = new Settings();
        for (Key<?> key : Keys.ALL) {
            RawValue override = fromEnvironment.get(key.path());
            readSetting(settings, key, override != null ? override : fromFile.get(key.path()));
        }
        return new EffectiveConfig(build(settings), settings, warnings(settings, file));
    }

    private Map<String, RawValue> readFile(Path file) {
        try {
            return YamlFile.read(file, Keys.KNOWN, problems);
        } catch (AccessDeniedException e) {
            throw new ConfigDeniedException(file, e);
        }
    }

    /** Checks what concerns several keys at once, and builds the settings of each package if nothing is wrong. */
    private Config build(Settings settings) {
        Checks checks = new Checks(settings, problems);
        RedisSection redis = new RedisSection(settings, checks);
        ProbeSection probe = new ProbeSection(settings, checks);
        ZabbixSection zabbix = new ZabbixSection(settings, checks);
        ZabbixApiSection api = new ZabbixApiSection(settings, checks);
        redis.check();
        probe.check();
        zabbix.check();
        api.check();
        zabbix.checkTls();
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new Config(
                new AgentConfig(
                        settings.get(Keys.AGENT_NAME),
                        settings.orNull(Keys.AGENT_SOCKET),
                        new HistoryConfig(settings.get(Keys.HISTORY_LAST), settings.get(Keys.HISTORY_MEMORY))),
                redis.build(),
                probe.build(),
                new JobsConfig(
                        settings.get(Keys.TIME_ZONE),
                        settings.get(Keys.RELOAD_INTERVAL),
                        settings.get(Keys.DNS_SERVERS)),
                new ErrListConfig(
                        settings.get(Keys.ERR_LIST_SPEC),
                        settings.get(Keys.CHECK_SPEC),
                        settings.get(Keys.REVIEW_SPEC)),
                new ZabbixSettings(zabbix.build(), settings.get(Keys.GROUPS), api.build(), settings.get(Keys.IMPORT)),
                new LoggingConfig(settings.get(Keys.LOGGING_LEVEL)));
    }

    /** A warning, not a refusal: who has such a file has run the agent with it for long. */
    private static List<Problem> warnings(Settings settings, Path file) {
        RedisUrl url = settings.get(Keys.REDIS_URL);
        boolean holdsPassword = settings.setting(Keys.REDIS_PASSWORD).origin() == Origin.FILE
                || settings.setting(Keys.REDIS_URL).origin() == Origin.FILE && url.password() != null;
        try {
            if (holdsPassword) {
                KeyFiles.requirePrivate(file);
            }
            return List.of();
        } catch (KeyFileException e) {
            return List.of(new Problem(file.toString(), "it holds a password, and " + e.what(), e.remedy()));
        }
    }

    private @Nullable Path fileOfEnvironment() {
        String name = environment.getOrDefault(Environment.FILE_VARIABLE, "");
        try {
            return name.isEmpty() ? null : FileNames.path(name);
        } catch (IllegalArgumentException e) {
            problems.add(new Problem(
                    "environment: " + Environment.FILE_VARIABLE, String.valueOf(e.getMessage()), FileNames.REMEDY));
            throw new ConfigException(problems);
        }
    }

    private <T> void readSetting(Settings settings, Key<T> key, @Nullable RawValue raw) {
        if (raw == null) {
            settings.put(defaultOf(settings, key));
            return;
        }
        if (key.defaultText() == null
                && raw.origin() == Origin.ENVIRONMENT
                && raw.texts().get(0).isEmpty()) {
            // An empty variable takes back what the file sets.
            Setting<T> fallback = defaultOf(settings, key);
            settings.put(new Setting<>(key, fallback.value(), Origin.ENVIRONMENT, raw.where(), fallback.valid()));
            return;
        }
        try {
            T value = raw.parse(key.type());
            settings.put(new Setting<>(key, value, raw.origin(), raw.where(), true));
        } catch (InvalidValueException e) {
            problems.add(new Problem(raw.where(), e.what(), e.remedy()));
            settings.put(new Setting<>(key, null, raw.origin(), raw.where(), false));
        }
    }

    /** Reads three defaults from the machine and from other keys; the rest stands in the table. */
    private <T> Setting<T> defaultOf(Settings settings, Key<T> key) {
        String text = null;
        if (key.equals(Keys.AGENT_NAME)) {
            text = HostName.shortName(environment);
        } else if (key.equals(Keys.TIME_ZONE)) {
            text = ZoneId.systemDefault().getId();
        } else if (key.equals(Keys.HOST)) {
            text = settings.orNull(Keys.AGENT_NAME);
        }
        if (text == null) {
            return new Setting<>(key, key.defaultValue(), Origin.DEFAULT, key.path(), true);
        }
        try {
            return new Setting<>(key, key.type().parse(text), Origin.DEFAULT, key.path(), true);
        } catch (InvalidValueException e) {
            // Only a bridge that is on needs the host, see ZabbixSection.
            if (key.equals(Keys.AGENT_NAME)) {
                problems.add(new Problem(
                        key.path(), "this machine's host name '" + text + "' cannot serve as name", "set agent.name"));
            }
            return new Setting<>(key, null, Origin.DEFAULT, key.path(), key.equals(Keys.HOST));
        }
    }
}
