package io.pingagent.probe.table;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import io.pingagent.model.ProbeProfile;
import io.pingagent.model.TargetSettings;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The distinct settings of targets, numbered, and so are the distinct profiles in them. None is forgotten before the
 * end. The registry's thread alone adds some.
 */
@AnyThread
public final class SettingsTable {

    private record Entry(TargetSettings settings, int timeoutClass, int profile) {}

    private final TimeoutClasses timeouts;
    private final Map<TargetSettings, Integer> ids = new HashMap<>();
    private final Map<ProbeProfile, Integer> profiles = new HashMap<>(Map.of(ProbeProfile.DEFAULT, 0));
    /** Longer than needed. Written again after each change, so that a reader who knows a number sees its entry. */
    private volatile Entry[] entries = new Entry[16];

    private volatile boolean hasProfiles;

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
        present[added] = new Entry(settings, timeouts.classOf(settings.timeoutNanos()), profile(settings.profile()));
        entries = present;
        ids.put(settings, added);
        return added;
    }

    /** The number of a profile; 0 is that of the configuration. */
    @OwnedBy("caller")
    public int profile(ProbeProfile profile) {
        Integer known = profiles.putIfAbsent(profile, profiles.size());
        if (known != null) {
            return known;
        }
        hasProfiles = true;
        return profiles.size() - 1;
    }

    /** Whether any target ever had a profile other than 0. */
    public boolean hasProfiles() {
        return hasProfiles;
    }

    /** The number of the profile of these settings. */
    public int profile(int settingsId) {
        return entries[settingsId].profile;
    }

    public TargetSettings get(int settingsId) {
        return entries[settingsId].settings;
    }

    public int timeoutClass(int settingsId) {
        return entries[settingsId].timeoutClass;
    }
}
