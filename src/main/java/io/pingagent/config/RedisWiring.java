package io.pingagent.config;

import io.pingagent.redis.RedisSettings;
import java.time.Duration;

/** Translates the configuration into what the package {@code redis} wants. Stateless. */
public final class RedisWiring {

    private RedisWiring() {}

    public static RedisSettings settings(Config config) {
        return settings(config, RedisSettings.DEFAULT_CONNECT_TIMEOUT, RedisSettings.DEFAULT_READ_TIMEOUT);
    }

    public static RedisSettings settings(Config config, Duration connectTimeout, Duration readTimeout) {
        RedisConfig redis = config.redis();
        return new RedisSettings(
                config.agent().name(),
                redis.url(),
                redis.user(),
                redis.password(),
                redis.tlsCaFile(),
                redis.tlsCertificateFile(),
                redis.tlsKeyFile(),
                connectTimeout,
                readTimeout,
                redis.statusInterval(),
                redis.decimalLastMs(),
                redis.perIpStatus(),
                config.agent().onlineTtl());
    }
}
