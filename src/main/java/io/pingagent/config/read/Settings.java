package io.pingagent.config.read;

import io.pingagent.config.type.Key;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The effective values of all keys, in the order of the table. */
public final class Settings {

    private final Map<Key<?>, Setting<?>> byKey = new LinkedHashMap<>();

    public <T> void put(Setting<T> setting) {
        byKey.put(setting.key(), setting);
    }

    @SuppressWarnings("unchecked") // put() pairs keys and settings of one type
    public <T> Setting<T> setting(Key<T> key) {
        Setting<?> setting = byKey.get(key);
        if (setting == null) {
            throw new IllegalStateException(key.path() + " has not been read");
        }
        return (Setting<T>) setting;
    }

    public <T> @Nullable T orNull(Key<T> key) {
        return setting(key).value();
    }

    /** The value of a valid key with a default. */
    public <T> T get(Key<T> key) {
        T value = orNull(key);
        if (value == null) {
            throw new IllegalStateException(key.path() + " has no value");
        }
        return value;
    }

    public boolean isSet(Key<?> key) {
        return setting(key).value() != null;
    }

    /** Whether none of these keys has had a problem. */
    public boolean valid(Key<?>... keys) {
        for (Key<?> key : keys) {
            if (!setting(key).valid()) {
                return false;
            }
        }
        return true;
    }

    public Collection<Setting<?>> all() {
        return byKey.values();
    }
}
