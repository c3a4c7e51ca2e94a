package io.pingagent.imports;

import io.pingagent.config.Config;
import io.pingagent.config.ConfigException;
import io.pingagent.config.RedisWiring;
import io.pingagent.config.ZabbixConfig;
import io.pingagent.config.ZabbixImport;
import io.pingagent.model.Problem;
import io.pingagent.redis.admin.RedisAdmin;
import io.pingagent.zabbix.api.ApiSession;
import io.pingagent.zabbix.api.ApiSettings;
import io.pingagent.zabbix.api.HostSelection;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** How Zabbix's API is reached by what the configuration says. Stateless. */
public final class ApiAccess {

    public static final String CLEAR_REMEDY =
            "write https:// into zabbix.api-url, and set up https at the web server first";

    public static final String URL_KEY = "zabbix.api-url";

    private ApiAccess() {}

    /** @throws ConfigException if the configuration names no API */
    public static ApiSettings settings(ZabbixConfig.Api api) {
        URI url = api.url();
        Path tokenFile = api.tokenFile();
        if (url == null || tokenFile == null) {
            throw new ConfigException(List.of(new Problem(
                    URL_KEY,
                    "no Zabbix API is named",
                    "set zabbix.api-url and zabbix.api-token-file, or use --api-url and --token-file")));
        }
        return new ApiSettings(url, tokenFile, api.caFile(), ApiSettings.DEFAULT_CALL_TIMEOUT);
    }

    /** What keeps the groups of {@code zabbix.import} in step; each run has connections of its own. */
    public static ImportSchedule schedule(Config config, Consumer<List<Problem>> problems, LongSupplier clock) {
        ZabbixConfig.Api api = config.zabbix().api();
        RefusedLinks refusedLinks = new RefusedLinks();
        return new ImportSchedule(
                api.imports(),
                entry -> {
                    try (RedisAdmin redis = RedisAdmin.connect(RedisWiring.settings(config))) {
                        return new ZabbixImportRun(redis, entry, config.zabbix().host(), false, false, refusedLinks)
                                .run(ApiSession.open(settings(api)));
                    }
                },
                problems,
                new SplittableRandom(),
                clock);
    }

    public static HostSelection selection(ZabbixImport entry) {
        return new HostSelection(entry.hostGroups(), entry.tags(), entry.templates());
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
