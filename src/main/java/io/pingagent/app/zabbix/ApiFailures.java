package io.pingagent.app.zabbix;

import io.pingagent.app.doctor.Check;
import io.pingagent.base.NotPermittedException;
import io.pingagent.base.ServiceUnreachableException;
import io.pingagent.base.UnknownNameException;
import io.pingagent.config.ConfigException;
import io.pingagent.imports.ApiAccess;
import io.pingagent.model.Problem;
import io.pingagent.zabbix.api.ApiException;
import java.util.List;

/** Translates failures of the package {@code zabbix.api} into those of commands. Stateless. */
final class ApiFailures {

    private ApiFailures() {}

    /** The failure that ends a command, with its exit status. */
    static RuntimeException failure(ApiException e) {
        return switch (e.kind()) {
            case AWAY -> new ServiceUnreachableException(e.getMessage(), e);
            case NOT_PERMITTED -> new NotPermittedException(e.getMessage(), e);
            case UNKNOWN_NAME -> new UnknownNameException(e.getMessage(), e);
            case REFUSED -> new ConfigException(List.of(new Problem(ApiAccess.URL_KEY, e.what(), e.remedy())));
        };
    }

    /** How a check of {@code doctor} that failed with this went. */
    static Check.Outcome outcome(ApiException e) {
        return switch (e.kind()) {
            case AWAY -> Check.Outcome.SERVICE_UNREACHABLE;
            case NOT_PERMITTED -> Check.Outcome.NOT_PERMITTED;
            case UNKNOWN_NAME, REFUSED -> Check.Outcome.BAD_CONFIGURATION;
        };
    }
}
