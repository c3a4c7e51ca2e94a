package io.pingagent.app;

import io.pingagent.config.Config;
import io.pingagent.config.ConfigException;
import io.pingagent.config.ZabbixConfig;
import io.pingagent.config.ZabbixImport;
import io.pingagent.model.Problem;
import io.pingagent.redis.RedisAdmin;
import io.pingagent.zabbix.api.ApiException;
import io.pingagent.zabbix.api.ApiSession;
import io.pingagent.zabbix.api.ApiSettings;
import io.pingagent.zabbix.api.HostSelection;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Translates failures of the package {@code zabbix.api} into those of commands. Stateless. */
final class ZabbixApiWiring {

    private ZabbixApiWiring() {}

    /** The failure that ends a command, with its exit status. */
    static RuntimeException failure(ApiException e) {
        return switch (e.kind()) {
            case AWAY -> new ServiceAwayException(e.getMessage(), e);
            case NOT_PERMITTED -> new NotPermittedException(e.getMessage(), e);
            case UNKNOWN_NAME -> new UnknownNameException(e.getMessage(), e);
            case REFUSED -> new ConfigException(List.of(new Problem(ApiAccess.URL_KEY, e.what(), e.remedy())));
        };
    }

    /** How a check of {@code doctor} that failed with this went. */
    static Check.Outcome outcome(ApiException e) {
        return switch (e.kind()) {
            case AWAY -> Check.Outcome.SERVICE_AWAY;
            case NOT_PERMITTED -> Check.Outcome.NOT_PERMITTED;
            case UNKNOWN_NAME, REFUSED -> Check.Outcome.BAD_CONFIGURATION;
        };
    }
}
