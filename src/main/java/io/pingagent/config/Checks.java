package io.pingagent.config;

import io.pingagent.config.read.Settings;
import io.pingagent.config.type.Key;
import io.pingagent.keyfile.KeyFileException;
import io.pingagent.keyfile.KeyFiles;
import io.pingagent.model.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the sections check alike: keys that need each other, and files that keys name. */
final class Checks {

    private final Settings settings;
    private final List<Problem> problems;

    /** @param problems receives whatever is wrong */
    Checks(Settings settings, List<Problem> problems) {
        this.settings = settings;
        this.problems = problems;
    }

    void add(Key<?> key, String what, String remedy) {
        problems.add(new Problem(settings.setting(key).where(), what, remedy));
    }

    /** Neither of the two means anything without the other. */
    void requirePair(Key<?> one, Key<?> other) {
        requireOther(one, other);
        requireOther(other, one);
    }

    private void requireOther(Key<?> key, Key<?> other) {
        if (settings.isSet(key) && settings.valid(other) && !settings.isSet(other)) {
            add(key, "it is not used without " + other.path(), "set " + other.path() + " too, or remove it");
        }
    }

    /** The file that is named, if any, can be read. */
    void requireReadable(Key<Path> key) {
        Path file = settings.orNull(key);
        if (file != null && !(Files.isRegularFile(file) && Files.isReadable(file))) {
            add(key, "'" + file + "' is not a file that this user can read", "create it or fix its permissions");
        }
    }

    /** A secret that every user of this machine can read is none. */
    void requirePrivate(Key<Path> key) {
        Path file = settings.orNull(key);
        if (file == null || !Files.isReadable(file)) {
            return;
        }
        try {
            KeyFiles.requirePrivate(file);
        } catch (KeyFileException e) {
            add(key, e.what(), e.remedy());
        }
    }
}
