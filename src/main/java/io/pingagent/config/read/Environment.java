package io.pingagent.config.read;

import io.pingagent.config.type.Key;
import io.pingagent.model.Problem;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads environment variables into raw values by key path. Stateless. */
public final class Environment {

    /** Names the configuration file. */
    public static final String FILE_VARIABLE = "PING_AGENT_CONFIG";

    /** Variables that look like keys and are none; the second is the start script's. */
    private static final Set<String> NO_KEYS = Set.of(FILE_VARIABLE, "PING_AGENT_JAVA_OPTS");

    private Environment() {}

    /**
     * @param environment as from {@link System#getenv()}
     * @param problems receives whatever is wrong
     * @return the values of known keys, by path
     */
    public static Map<String, RawValue> read(Map<String, String> environment, KnownKeys keys, List<Problem> problems) {
        Map<String, RawValue> values = new TreeMap<>();
        new TreeMap<>(environment).forEach((name, text) -> {
            if (!name.startsWith(Key.ENVIRONMENT_PREFIX) || NO_KEYS.contains(name)) {
                return;
            }
            Key<?> key = keys.ofVariable(name);
            if (key != null) {
                values.put(
                        key.path(),
                        RawValue.scalar("environment: " + name, Origin.ENVIRONMENT, withoutCarriageReturn(text)));
            } else if (!ServiceLinks.isLink(name, text)) {
                problems.add(UnknownKeys.environmentProblem(name, keys));
            }
        });
        return values;
    }

    /**
     * Names of the variables that a container platform made of a service called {@code ping-agent}: they look like
     * keys and are left alone.
     */
    public static List<String> serviceLinks(Map<String, String> environment, KnownKeys keys) {
        return environment.entrySet().stream()
                .filter(variable -> ServiceLinks.isLink(variable.getKey(), variable.getValue()))
                .map(Map.Entry::getKey)
                .filter(name -> keys.ofVariable(name) == null)
                .sorted()
                .toList();
    }

    /** A file of variables written on Windows leaves one at the end of each. */
    private static String withoutCarriageReturn(String text) {
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
