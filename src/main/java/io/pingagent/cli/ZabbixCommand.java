package io.pingagent.cli;

import io.pingagent.app.ZabbixPush;
import io.pingagent.config.Config;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Zabbix without a running agent: to look at what it would get, and to try the way there. */
@Command(
        name = "zabbix",
        description = "Prints the discovery list, or pushes one round to Zabbix.",
        subcommands = {ZabbixCommand.Discovery.class, ZabbixCommand.Send.class})
final class ZabbixCommand implements Runnable {

    @CommandLine.Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw Subcommands.missing(spec);
    }

    @Command(
            name = "discovery",
            description = {
                "Prints the low-level discovery JSON: the addresses that go to Zabbix, by the jobs and groups in Redis",
                "and by zabbix.groups."
            })
    static final class Discovery implements Runnable {

        private final Context context;

        @Option(names = "--err-list", description = "Only addresses on the agent's err list.")
        private boolean errList;

        Discovery(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            Config config = Setup.config(context);
            Setup.silenceLibraries();
            context.terminal().out().println(Json.harmless(context.operations().zabbixDiscovery(config, errList)));
        }
    }

    @Command(
            name = "send",
            description = {
                "Probes every address that goes to Zabbix, zabbix.down-after times and a second apart, and sends the",
                "discovery lists and the values to zabbix.servers. Needs no running agent, and disturbs none."
            })
    static final class Send implements Runnable {

        private final Context context;

        @Option(
                names = "--dry-run",
                description = "Send nothing; print the values as 'zabbix_sender --with-ns --input-file' takes them.")
        private boolean isDryRun;

        Send(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            Config config = Setup.config(context);
            if (!isDryRun && !config.zabbix().enabled()) {
                throw new CommandFailure(
                        ExitStatus.BAD_CONFIGURATION,
                        "zabbix.servers: no server is named; name one, or use --dry-run to see the values");
            }
            Setup.silenceLibraries();
            ZabbixPush push = context.operations()
                    .zabbixSend(config, isDryRun, context.interrupt().listen());
            Terminal terminal = context.terminal();
            if (isDryRun) {
                push.lines().forEach(line -> terminal.say(line));
                return;
            }
            terminal.say(Numbers.count(push.addresses(), "address", "addresses") + ", "
                    + Numbers.grouped(push.answered()) + " answered; " + push.server() + " took "
                    + Numbers.grouped(push.processed()) + " of "
                    + Numbers.count(push.processed() + push.failed(), "value", "values"));
            if (push.failed() > 0) {
                throw new CommandFailure(
                        ExitStatus.BAD_CONFIGURATION,
                        "Zabbix refused " + Numbers.count(push.failed(), "value", "values") + " of host '"
                                + config.zabbix().host()
                                + "'; items that were discovered just now take values about a minute later, else see"
                                + " 'ping-agent doctor'");
            }
        }
    }
}
