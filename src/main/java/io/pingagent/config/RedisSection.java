package io.pingagent.config;

import io.pingagent.config.Keys.LastMsFormat;
import io.pingagent.config.read.Settings;
import io.pingagent.config.type.Key;
import io.pingagent.keyfile.KeyFileException;
import io.pingagent.keyfile.KeyFiles;
import io.pingagent.redis.RedisSettings;
import io.pingagent.redis.RedisUrl;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks the keys {@code redis.*} together and builds the {@link RedisSettings} of them. */
final class RedisSection {

    private final Settings settings;
    private final Checks checks;
    private @Nullable String password;

    RedisSection(Settings settings, Checks checks) {
        this.settings = settings;
        this.checks = checks;
    }

    void check() {
        RedisUrl url = settings.orNull(Keys.REDIS_URL);
        password = password(url);
        if (url == null) {
            return;
        }
        String user = settings.orNull(Keys.REDIS_USER);
        if (user != null && url.user() != null && !user.equals(url.user())) {
            checks.add(Keys.REDIS_USER, "redis.url names another user, '" + url.user() + "'", "keep one of them");
        }
        for (Key<Path> key :
                List.of(Keys.REDIS_TLS_CA_FILE, Keys.REDIS_TLS_CERTIFICATE_FILE, Keys.REDIS_TLS_KEY_FILE)) {
            if (settings.isSet(key) && !url.tls()) {
                checks.add(key, "it is not used without TLS", "write rediss:// in redis.url or remove it");
            } else if (settings.isSet(key)) {
                checks.requireReadable(key);
            }
        }
        checks.requirePair(Keys.REDIS_TLS_CERTIFICATE_FILE, Keys.REDIS_TLS_KEY_FILE);
        checks.requirePrivate(Keys.REDIS_TLS_KEY_FILE);
    }

    /** Only after {@link #check} has found nothing. */
    RedisSettings build() {
        RedisUrl url = settings.get(Keys.REDIS_URL);
        String user = url.user() != null ? url.user() : settings.orNull(Keys.REDIS_USER);
        return new RedisSettings(
                settings.get(Keys.AGENT_NAME),
                url.as(user, password),
                new RedisSettings.Certificates(
                        settings.orNull(Keys.REDIS_TLS_CA_FILE),
                        settings.orNull(Keys.REDIS_TLS_CERTIFICATE_FILE),
                        settings.orNull(Keys.REDIS_TLS_KEY_FILE)),
                new RedisSettings.Written(
                        settings.get(Keys.STATUS_INTERVAL),
                        settings.get(Keys.ONLINE_TTL),
                        settings.get(Keys.LAST_MS_FORMAT) == LastMsFormat.DECIMAL,
                        settings.get(Keys.PER_IP_STATUS)));
    }

    private @Nullable String password(@Nullable RedisUrl url) {
        String inUrl = url == null ? null : url.password();
        String inFile = settings.isSet(Keys.REDIS_PASSWORD_FILE) ? readPassword() : null;
        int given = (inUrl == null ? 0 : 1)
                + (settings.isSet(Keys.REDIS_PASSWORD) ? 1 : 0)
                + (settings.isSet(Keys.REDIS_PASSWORD_FILE) ? 1 : 0);
        if (given > 1) {
            Key<?> culprit = settings.isSet(Keys.REDIS_PASSWORD_FILE) ? Keys.REDIS_PASSWORD_FILE : Keys.REDIS_PASSWORD;
            checks.add(
                    culprit,
                    "the password is given more than once",
                    "keep one of redis.url, redis.password and redis.password-file");
        }
        return inUrl != null ? inUrl : inFile != null ? inFile : settings.orNull(Keys.REDIS_PASSWORD);
    }

    private @Nullable String readPassword() {
        try {
            return KeyFiles.password(settings.get(Keys.REDIS_PASSWORD_FILE));
        } catch (KeyFileException e) {
            checks.add(Keys.REDIS_PASSWORD_FILE, e.what(), e.remedy());
            return null;
        }
    }
}
