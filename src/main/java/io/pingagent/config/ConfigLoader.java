package io.pingagent.config;

import io.pingagent.keyfile.KeyFileException;
import io.pingagent.keyfile.KeyFiles;
import io.pingagent.model.FileNames;
import io.pingagent.model.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the configuration: defaults, then the file, then the environment; all problems are found in one pass. Stateless, any
 * thread.
 */
public final class ConfigLoader {

    /** Read when no other file is named; it need not exist. */
    public static final Path DEFAULT_FILE = Path.of("/etc/ping-agent/ping-agent.yaml");

    /** Environment variable that names the file. */
    public static final String FILE_VARIABLE = "PING_AGENT_CONFIG";

    /** Environment variable of the start script; no key. */
    private static final String JAVA_OPTS_VARIABLE = "PING_AGENT_JAVA_OPTS";

    private final Map<String, String> environment;
    private final SpecCheck specCheck;
    private final List<Problem> problems = new ArrayList<>();

    private ConfigLoader(Map<String, String> environment, SpecCheck specCheck) {
        this.environment = environment;
        this.specCheck = specCheck;
    }

    /**
     * Same as {@link #load(Path, Map, SpecCheck)}, with cron specs taken as they are.
     *
     * @throws ConfigException if anything is wrong
     */
    public static Config load(@Nullable Path file, Map<String, String> environment) {
        return load(file, environment, SpecCheck.NONE);
    }

    /**
     * @param file must exist; null for the one that {@value #FILE_VARIABLE} names, else {@link #DEFAULT_FILE}
     * @param environment as from {@link System#getenv()}
     * @throws ConfigException if anything is wrong, with all that is
     */
    public static Config load(@Nullable Path file, Map<String, String> environment, SpecCheck specCheck) {
        return loadEffective(file, environment, specCheck).config();
    }

    /** Same, with the origin of each value. */
    public static EffectiveConfig loadEffective(
            @Nullable Path file, Map<String, String> environment, SpecCheck specCheck) {
        return new ConfigLoader(environment, specCheck).load(file);
    }

    /**
     * Names of the variables that a container platform made of a service called {@code ping-agent}: they look like keys and
     * are left alone.
     */
    public static List<String> serviceLinks(Map<String, String> environment) {
        Set<String> keys = Keys.ALL.stream().map(Key::environmentName).collect(Collectors.toSet());
        return environment.entrySet().stream()
                .filter(variable -> ServiceLinks.isLink(variable.getKey(), variable.getValue()))
                .map(Map.Entry::getKey)
                .filter(name -> !keys.contains(name))
                .sorted()
                .toList();
    }

    private EffectiveConfig load(@Nullable Path explicitFile) {
        Map<String, RawValue> fromFile = Map.of();
        Path file = explicitFile != null ? explicitFile : fileOfEnvironment();
        if (file != null) {
            fromFile = YamlFile.read(file, problems);
        } else if (Files.exists(DEFAULT_FILE)) {
            fromFile = YamlFile.read(DEFAULT_FILE, problems);
        }
        Map<String, RawValue> fromEnvironment = readEnvironment();
        Settings settings = new Settings();
        for (Key<?> key : Keys.ALL) {
            RawValue override = fromEnvironment.get(key.path());
            readSetting(settings, key, override != null ? override : fromFile.get(key.path()));
        }
        Config config = new ConfigAssembler(settings, problems).assemble();
        if (config == null || !problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new EffectiveConfig(config, settings, warnings(settings, file != null ? file : DEFAULT_FILE));
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
        String name = environment.getOrDefault(FILE_VARIABLE, "");
        try {
            return name.isEmpty() ? null : FileNames.path(name);
        } catch (IllegalArgumentException e) {
            problems.add(
                    new Problem("environment: " + FILE_VARIABLE, String.valueOf(e.getMessage()), FileNames.REMEDY));
            throw new ConfigException(problems);
        }
    }

    private Map<String, RawValue> readEnvironment() {
        Map<String, Key<?>> byName = new TreeMap<>();
        Keys.ALL.forEach(key -> byName.put(key.environmentName(), key));
        Map<String, RawValue> values = new TreeMap<>();
        new TreeMap<>(environment).forEach((name, text) -> {
            if (!name.startsWith(Keys.ENVIRONMENT_PREFIX)
                    || name.equals(FILE_VARIABLE)
                    || name.equals(JAVA_OPTS_VARIABLE)) {
                return;
            }
            Key<?> key = byName.get(name);
            if (key != null) {
                values.put(
                        key.path(),
                        RawValue.scalar("environment: " + name, Origin.ENVIRONMENT, withoutCarriageReturn(text)));
            } else if (!ServiceLinks.isLink(name, text)) {
                problems.add(UnknownKeys.environmentProblem(name));
            }
        });
        return values;
    }

    /** A file of variables written on Windows leaves one at the end of each. */
    private static String withoutCarriageReturn(String text) {
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
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
            String specProblem = key.type() instanceof CronSpecType
                    ? specCheck.problemOf(raw.texts().get(0))
                    : null;
            if (specProblem != null) {
                throw new InvalidValueException(
                        "'" + value + "' " + specProblem, "write " + key.type().range());
            }
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
            // Only a bridge that is on needs the host, see ConfigAssembler.
            if (key.equals(Keys.AGENT_NAME)) {
                problems.add(new Problem(
                        key.path(), "this machine's host name '" + text + "' cannot serve as name", "set agent.name"));
            }
            return new Setting<>(key, null, Origin.DEFAULT, key.path(), key.equals(Keys.HOST));
        }
    }
}
