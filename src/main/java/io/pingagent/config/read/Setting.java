package io.pingagent.config.read;

import io.pingagent.config.type.Key;
import org.jspecify.annotations.Nullable;

/**
 * The effective value of a key.
 *
 * @param value null if nobody set it and it has no default, or if what was set is not valid
 * @param where as {@link RawValue#where()}; the key's path for a default
 * @param valid whether the value may be used; a problem was reported otherwise
 */
public record Setting<T>(Key<T> key, @Nullable T value, Origin origin, String where, boolean valid) {}
