package io.pingagent.model;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What users call an address. Immutable.
 *
 * @param name empty if it has none
 * @param parent the address behind which it stands, or null
 * @param labels by their names, without name and parent
 */
public record TargetLabels(String name, @Nullable IpAddress parent, Map<String, String> labels) {

    /** Of an address about which nothing is said. */
    public static final TargetLabels NONE = new TargetLabels("", null, Map.of());

    public TargetLabels {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }
}
