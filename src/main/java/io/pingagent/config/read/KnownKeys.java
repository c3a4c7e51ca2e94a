package io.pingagent.config.read;

import io.pingagent.config.type.Key;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The key table, by paths, sections and names of environment variables. Immutable. */
public final class KnownKeys {

    private final Map<String, Key<?>> byPath = new LinkedHashMap<>();

    /** @param table in the order of the reference */
    public KnownKeys(List<Key<?>> table) {
        table.forEach(key -> byPath.put(key.path(), key));
    }

    public @Nullable Key<?> find(String path) {
        return byPath.get(path);
    }

    /** Whether keys stand below this path. */
    boolean isSection(String path) {
        return byPath.keySet().stream().anyMatch(keyPath -> keyPath.startsWith(path + "."));
    }

    /** The paths of all keys, in the order of the reference. */
    Set<String> paths() {
        return byPath.keySet();
    }

    /** The paths of all keys and sections. */
    Set<String> pathsAndSections() {
        Set<String> all = new LinkedHashSet<>();
        for (String path : byPath.keySet()) {
            all.add(path);
            for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
                all.add(path.substring(0, dot));
            }
        }
        return all;
    }

    /** Of the environment variable, or null if it is no key's. */
    @Nullable
    Key<?> ofVariable(String name) {
        return byPath.values().stream()
                .filter(key -> key.environmentName().equals(name))
                .findFirst()
                .orElse(null);
    }

    Set<String> variables() {
        return byPath.values().stream().map(Key::environmentName).collect(Collectors.toSet());
    }
}
