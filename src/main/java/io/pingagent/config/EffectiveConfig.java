package io.pingagent.config;

/** The configuration together with where each of its values comes from, for {@link ConfigPrinter}. */
public final class EffectiveConfig {

    private final Config config;
    private final Settings settings;

    EffectiveConfig(Config config, Settings settings) {
        this.config = config;
        this.settings = settings;
    }

    public Config config() {
        return config;
    }

    Settings settings() {
        return settings;
    }
}
