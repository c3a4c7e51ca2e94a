package io.pingagent.cli.zabbix;

import io.pingagent.base.ExitStatus;
import io.pingagent.base.InvalidValueException;
import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.config.Config;
import io.pingagent.model.FileNames;
import io.pingagent.zabbix.api.ApiSettings;
import io.pingagent.zabbix.api.ApiUrls;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where Zabbix's API is, for a command line that does not want what the configuration says. */
final class ZabbixApiOptions {

    @Option(
            names = "--api-url",
            paramLabel = "URL",
            description = "Address of the Zabbix frontend; default: zabbix.api-url.")
    private @Nullable String url;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "File whose one line is an API token; default: zabbix.api-token-file.")
    private @Nullable String tokenFile;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description = "PEM file of the authorities that are trusted for https; default: zabbix.api-ca-file.")
    private @Nullable String caFile;

    /**
     * What the configuration says, with what was typed in its place.
     *
     * @return null if URL or token are nowhere
     * @throws CommandFailure with {@link ExitStatus#USAGE} if it cannot be used
     */
    @Nullable
    ApiSettings over(Config config) {
        ApiSettings known = config.zabbix().api();
        URI newUrl = url != null ? url(url) : known == null ? null : known.url();
        Path newToken = tokenFile != null ? path("--token-file", tokenFile) : known == null ? null : known.tokenFile();
        Path newCa = caFile != null ? path("--ca-file", caFile) : known == null ? null : known.caFile();
        return newUrl == null || newToken == null ? null : new ApiSettings(newUrl, newToken, newCa);
    }

    private static URI url(String text) {
        try {
            return ApiUrls.parse(text);
        } catch (InvalidValueException e) {
            throw new CommandFailure(ExitStatus.USAGE, "--api-url: " + e.what() + "; " + e.remedy(), e);
        }
    }

    private static Path path(String option, String text) {
        try {
            return FileNames.path(text).toAbsolutePath();
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitStatus.USAGE, option + ": " + e.getMessage() + "; " + FileNames.REMEDY, e);
        }
    }
}
