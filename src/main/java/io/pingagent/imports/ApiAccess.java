package io.pingagent.imports;

import io.pingagent.config.Config;
import io.pingagent.config.ConfigException;
import io.pingagent.model.Problem;
import io.pingagent.redis.admin.RedisAdmin;
import io.pingagent.zabbix.api.ApiSession;
import io.pingagent.zabbix.api.ApiSettings;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How Zabbix's API is reached by what the configuration says. Stateless. */
public final class ApiAccess {

    public static final String CLEAR_REMEDY =
            "write https:// into zabbix.api-url, and set up https at the web server first";

    public static final String URL_KEY = "zabbix.api-url";

    private ApiAccess() {}

    /** @throws ConfigException if there is no API */
    public static ApiSettings required(@Nullable ApiSettings api) {
        if (api == null) {
            throw new ConfigException(List.of(new Problem(
                    URL_KEY,
                    "no Zabbix API is named",
                    "set zabbix.api-url and zabbix.api-token-file, or use --api-url and --token-file")));
        }
        return api;
    }

    /** What keeps the groups of {@code zabbix.import} in step; each run has connections of its own. */
    public static ImportSchedule schedule(Config config, Consumer<List<Problem>> problems, LongSupplier clock) {
        RefusedLinks refusedLinks = new RefusedLinks();
        return new ImportSchedule(
                config.zabbix().imports(),
                entry -> {
                    try (RedisAdmin redis = RedisAdmin.connect(config.redis())) {
                        return new ZabbixImportRun(redis, entry, config.zabbix().host(), false, false, refusedLinks)
                                .run(ApiSession.open(required(config.zabbix().api())));
                    }
                },
                problems,
                new SplittableRandom(),
                clock);
    }

    /** Adds a line if the token goes over a network without encryption. */
    public static void warnOfClearText(ApiSession session, List<String> warnings) {
        if (session.isInClear()) {
            warnings.add(clearText(session) + "; " + CLEAR_REMEDY);
        }
    }

    /** What is wrong with a session in clear text. */
    public static String clearText(ApiSession session) {
        return "the API token goes to " + session.url() + " without encryption, and everybody on the way can read it";
    }
}
