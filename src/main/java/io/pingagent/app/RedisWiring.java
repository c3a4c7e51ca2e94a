package io.pingagent.app;

import io.pingagent.config.Config;
import io.pingagent.config.RedisConfig;
import io.pingagent.redis.RedisSettings;

/** Translates the configuration into what the package {@code redis} wants. Stateless. */
public final class RedisWiring {

    private RedisWiring() {}

    public static RedisSettings settings(Config config) {
        RedisConfig redis = config.redis();
        return new RedisSettings(
                config.agent().name(),
                redis.url(),
                redis.user(),
                redis.password(),
                redis.tlsCaFile(),
                redis.tlsCertificateFile(),
                redis.tlsKeyFile(),
                RedisSettings.DEFAULT_CONNECT_TIMEOUT,
                RedisSettings.DEFAULT_READ_TIMEOUT,
                redis.statusInterval(),
                redis.decimalLastMs(),
                redis.perIpStatus(),
                config.agent().onlineTtl());
    }
}
