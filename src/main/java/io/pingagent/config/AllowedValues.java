package io.pingagent.config;

import io.pingagent.config.type.Key;
import java.util.LinkedHashMap;
import java.util.Map;

/** What may stand at each key of the configuration, for its documents. Stateless. */
public final class AllowedValues {

    private AllowedValues() {}

    /** For each key in the order of the reference, what its value is and its range: {@code duration, 1ms to 60s}. */
    public static Map<String, String> byKey() {
        Map<String, String> allowed = new LinkedHashMap<>();
        for (Key<?> key : Keys.ALL) {
            allowed.put(key.path(), key.type().name() + ", " + key.type().range());
        }
        return allowed;
    }
}
