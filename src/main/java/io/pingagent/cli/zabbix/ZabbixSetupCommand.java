package io.pingagent.cli.zabbix;

import io.pingagent.app.zabbix.ZabbixSetupRequest;
import io.pingagent.app.zabbix.ZabbixSetupResult;
import io.pingagent.base.ExitStatus;
import io.pingagent.cli.shell.Ansi;
import io.pingagent.cli.shell.CommandConfig;
import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.cli.shell.Context;
import io.pingagent.cli.shell.LibraryLogging;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.config.Config;
import io.pingagent.model.ZabbixHost;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What Zabbix needs before the first value, by its API. */
@Command(
        name = "setup",
        description = {
            "Imports the templates for this version of Zabbix, and makes the agent's host.",
            "The host is in the group 'Ping agents', with the encryption of zabbix.tls-connect.",
            "A second run changes nothing. Nothing is ever removed; your own macros and tags of a template stay."
        })
final class ZabbixSetupCommand implements Runnable {

    private final Context context;

    @Option(
            names = "--autoregistration",
            description = "Make an autoregistration action, which makes the host of each agent, and no host.")
    private boolean byAutoregistration;

    @Option(names = "--host", paramLabel = "NAME", description = "Name of the agent's host; default: zabbix.host.")
    private @Nullable String host;

    @Option(names = "--dry-run", description = "Change nothing; say what would be done.")
    private boolean isDryRun;

    @Mixin
    private ZabbixApiOptions api = new ZabbixApiOptions();

    ZabbixSetupCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        if (byAutoregistration && host != null) {
            throw CommandFailure.usage("--autoregistration makes no host, and --host names one; write one of them");
        }
        if (host != null) {
            checkName(host);
        }
        Config config = CommandConfig.load(context);
        LibraryLogging.silence();
        String name = host == null ? config.zabbix().host() : host;
        ZabbixSetupResult result = context.operations()
                .zabbixSetup(config, api.over(config), new ZabbixSetupRequest(name, byAutoregistration, isDryRun));
        Terminal terminal = context.terminal();
        result.lines().forEach(line -> terminal.say(Ansi.harmless(line)));
        if (result.lines().isEmpty()) {
            terminal.say("Zabbix " + result.version() + ": nothing to change");
        } else if (isDryRun) {
            terminal.say("dry run, nothing was changed in Zabbix " + result.version());
        }
        result.warnings().forEach(warning -> terminal.complain(Ansi.harmless(warning)));
    }

    private static void checkName(String name) {
        try {
            new ZabbixHost(name, ZabbixHost.Keys.PING);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitStatus.USAGE, "--host: " + e.getMessage(), e);
        }
    }
}
