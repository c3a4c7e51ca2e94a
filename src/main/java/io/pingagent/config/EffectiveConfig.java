package io.pingagent.config;

import io.pingagent.config.read.Settings;
import io.pingagent.model.Problem;
import java.util.List;

/** The configuration together with where each of its values comes from, for {@link ConfigPrinter}. */
public final class EffectiveConfig {

    private final Config config;
    private final Settings settings;
    private final List<Problem> warnings;

    EffectiveConfig(Config config, Settings settings, List<Problem> warnings) {
        this.config = config;
        this.settings = settings;
        this.warnings = List.copyOf(warnings);
    }

    /** What works, but should be fixed. */
    public List<Problem> warnings() {
        return warnings;
    }

    public Config config() {
        return config;
    }

    Settings settings() {
        return settings;
    }
}
