package io.pingagent.cli;

import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.cli.shell.ExitStatus;
import io.pingagent.config.ApiUrls;
import io.pingagent.config.Config;
import io.pingagent.config.ZabbixConfig;
import io.pingagent.model.FileNames;
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
     * @throws CommandFailure with {@link ExitStatus#USAGE} if it cannot be used
     */
    ZabbixConfig.Api over(Config config) {
        ZabbixConfig.Api api = config.zabbix().api();
        URI newUrl = url == null ? api.url() : url(url);
        Path newToken = tokenFile == null ? api.tokenFile() : path("--token-file", tokenFile);
        Path newCa = caFile == null ? api.caFile() : path("--ca-file", caFile);
        return new ZabbixConfig.Api(newUrl, newToken, newCa, api.imports());
    }

    private static URI url(String text) {
        try {
            return ApiUrls.parse(text);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitStatus.USAGE, "--api-url: " + e.getMessage(), e);
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
