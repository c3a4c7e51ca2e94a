package io.pingagent.config.type;

import io.pingagent.base.InvalidValueException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One row of the key table.
 *
 * @param path as in the YAML file, sections separated by dots: {@code err-list.enter-after}
 * @param defaultText what the key is worth when nobody sets it, as in an environment variable; null for nothing
 * @param defaultNote what stands in the reference where there is no {@code defaultText}
 * @param secret never printed
 */
public record Key<T>(
        String path,
        ValueType<T> type,
        @Nullable String defaultText,
        String defaultNote,
        String description,
        boolean secret) {

    /** Of all names of environment variables. */
    public static final String ENVIRONMENT_PREFIX = "PING_AGENT_";

    /** {@code PING_AGENT_ERR_LIST_ENTER_AFTER}. */
    public String environmentName() {
        return ENVIRONMENT_PREFIX
                + path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    public @Nullable T defaultValue() {
        if (defaultText == null) {
            return null;
        }
        try {
            return type.parse(defaultText);
        } catch (InvalidValueException e) {
            throw new IllegalStateException("default of " + path, e);
        }
    }
}
