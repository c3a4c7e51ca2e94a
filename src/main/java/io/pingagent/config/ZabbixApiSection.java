package io.pingagent.config;

import io.pingagent.config.read.Settings;
import io.pingagent.zabbix.api.ApiSettings;
import io.pingagent.zabbix.api.ZabbixImport;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks the keys {@code zabbix.api-*} and {@code zabbix.import} together and builds the {@link ApiSettings} of them.
 */
final class ZabbixApiSection {

    private final Settings settings;
    private final Checks checks;

    ZabbixApiSection(Settings settings, Checks checks) {
        this.settings = settings;
        this.checks = checks;
    }

    void check() {
        checks.requirePair(Keys.API_URL, Keys.API_TOKEN_FILE);
        checks.requireReadable(Keys.API_TOKEN_FILE);
        checks.requirePrivate(Keys.API_TOKEN_FILE);
        URI url = settings.orNull(Keys.API_URL);
        if (settings.isSet(Keys.API_CA_FILE) && settings.valid(Keys.API_URL)) {
            if (url == null || !url.getScheme().equals("https")) {
                checks.add(
                        Keys.API_CA_FILE,
                        "it is not used without TLS",
                        "write https:// in zabbix.api-url or remove it");
            } else {
                checks.requireReadable(Keys.API_CA_FILE);
            }
        }
        List<ZabbixImport> imports = settings.orNull(Keys.IMPORT);
        if (imports == null || imports.isEmpty()) {
            return;
        }
        if (url == null && settings.valid(Keys.API_URL)) {
            checks.add(Keys.IMPORT, "it is not used without zabbix.api-url", "set zabbix.api-url too, or remove it");
        }
        checkGroups(imports);
    }

    private void checkGroups(List<ZabbixImport> imports) {
        Set<String> groups = new HashSet<>();
        for (ZabbixImport entry : imports) {
            if (!groups.add(entry.group())) {
                checks.add(
                        Keys.IMPORT,
                        "two entries fill group '" + entry.group() + "', and each would remove what the other adds",
                        "name another group in one of them, or make one entry of them");
            }
        }
    }

    /** Only after {@link #check} has found nothing. Null without an API. */
    @Nullable
    ApiSettings build() {
        URI url = settings.orNull(Keys.API_URL);
        return url == null
                ? null
                : new ApiSettings(url, settings.get(Keys.API_TOKEN_FILE), settings.orNull(Keys.API_CA_FILE));
    }
}
