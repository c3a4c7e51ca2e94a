package io.pingagent.probe;

import io.pingagent.model.TargetSettings;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The distinct settings of targets, numbered. Written by the registry's thread, read by any. */
final class SettingsTable {

    private record Entry(TargetSettings settings, int timeoutClass) {}

    private final TimeoutClasses timeouts;
    private final Map<TargetSettings, Integer> ids = new HashMap<>();
    private volatile Entry[] entries = new Entry[0];

    SettingsTable(TimeoutClasses timeouts) {
        this.timeouts = timeouts;
    }

    int idOf(TargetSettings settings) {
        Integer known = ids.get(settings);
        if (known != null) {
            return known;
        }
        Entry[] present = entries;
        if (present.length > Short.MAX_VALUE) {
            throw new IllegalStateException("more than " + Short.MAX_VALUE
                    + " different combinations of pttl, allowedloss and timeout; use fewer in the jobs");
        }
        Entry[] longer = Arrays.copyOf(present, present.length + 1);
        longer[present.length] = new Entry(settings, timeouts.classOf(settings.timeoutNanos()));
        entries = longer;
        ids.put(settings, present.length);
        return present.length;
    }

    TargetSettings get(int settingsId) {
        return entries[settingsId].settings;
    }

    int timeoutClass(int settingsId) {
        return entries[settingsId].timeoutClass;
    }
}
