package io.pingagent.probe.table;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import io.pingagent.model.TargetSettings;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The distinct settings of targets, numbered; none is forgotten before the end. The registry's thread alone adds
 * some.
 */
@AnyThread
public final class SettingsTable {

    private record Entry(TargetSettings settings, int timeoutClass) {}

    private final TimeoutClasses timeouts;
    private final Map<TargetSettings, Integer> ids = new HashMap<>();
    /** Longer than needed. Written again after each change, so that a reader who knows a number sees its entry. */
    private volatile Entry[] entries = new Entry[16];

    public SettingsTable(TimeoutClasses timeouts) {
        this.timeouts = timeouts;
    }

    @OwnedBy("caller")
    public int idOf(TargetSettings settings) {
        Integer known = ids.get(settings);
        if (known != null) {
            return known;
        }
        int added = ids.size();
        Entry[] present = entries;
        if (added == present.length) {
            present = Arrays.copyOf(present, 2 * added);
        }
        present[added] = new Entry(settings, timeouts.classOf(settings.timeoutNanos()));
        entries = present;
        ids.put(settings, added);
        return added;
    }

    public TargetSettings get(int settingsId) {
        return entries[settingsId].settings;
    }

    public int timeoutClass(int settingsId) {
        return entries[settingsId].timeoutClass;
    }
}
