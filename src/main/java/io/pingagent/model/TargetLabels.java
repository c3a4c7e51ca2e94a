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
 * @param labels by their names, sorted, without name and parent
 */
public record TargetLabels(String name, @Nullable IpAddress parent, Map<String, String> labels) {

    /** Of an address about which nothing is said. */
    public static final TargetLabels NONE = new TargetLabels("", null, Map.of());

    public TargetLabels {
        labels = labels.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(labels));
    }

    public boolean isEmpty() {
        return name.isEmpty() && parent == null && labels.isEmpty();
    }

    /** The same of an address that came by a host name: it is called by it, unless users call it something else. */
    public TargetLabels calledBy(HostName host) {
        return name.isEmpty() ? new TargetLabels(host.nameWithoutDot(), parent, labels) : this;
    }

    /** As in {@code role=core, site=ams}, sorted by name; empty without labels. */
    public String labelsText() {
        StringBuilder text = new StringBuilder();
        labels.forEach((label, value) -> text.append(text.isEmpty() ? "" : ", ")
                .append(label)
                .append('=')
                .append(value));
        return text.toString();
    }
}
