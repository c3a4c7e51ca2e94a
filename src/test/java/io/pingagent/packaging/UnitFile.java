package io.pingagent.packaging;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A systemd unit, read as far as the tests need it: to run what it runs, with the rights it gives. */
final class UnitFile {

    private final List<String> lines;

    UnitFile(List<String> lines) {
        this.lines = lines;
    }

    /** The last value of a key. */
    String get(String key) {
        String value = "";
        for (String line : lines) {
            if (line.startsWith(key + "=")) {
                value = line.substring(key.length() + 1);
            }
        }
        if (value.isEmpty()) {
            throw new AssertionError("the unit has no " + key);
        }
        return value;
    }

    /** ExecStart as systemd would run it: as the unit's user, with its capabilities and no others. */
    List<String> execStart() {
        StringBuilder capabilities = new StringBuilder("-all");
        for (String capability : get("AmbientCapabilities").split(" ", -1)) {
            capabilities.append(",+").append(capability.replace("CAP_", "").toLowerCase(Locale.ROOT));
        }
        List<String> words = new ArrayList<>(List.of("setpriv", "--reuid=" + get("User"), "--regid=" + get("Group")));
        words.addAll(List.of("--clear-groups", "--no-new-privs", "--bounding-set=" + capabilities));
        words.addAll(List.of("--inh-caps=" + capabilities, "--ambient-caps=" + capabilities));
        words.addAll(List.of(get("ExecStart").split(" ", -1)));
        return words;
    }
}
