package io.pingagent.cli.zabbix;

import io.pingagent.app.zabbix.ZabbixExplanation;
import io.pingagent.app.zabbix.ZabbixPush;
import io.pingagent.base.ExitStatus;
import io.pingagent.cli.shell.Ansi;
import io.pingagent.cli.shell.CommandConfig;
import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.cli.shell.Context;
import io.pingagent.cli.shell.Json;
import io.pingagent.cli.shell.LibraryLogging;
import io.pingagent.cli.shell.Numbers;
import io.pingagent.cli.shell.ParentCommand;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.config.Config;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Zabbix without a running agent: to look at what it would get, and to try the way there. */
@Command(
        name = "zabbix",
        description = "Sets up Zabbix, imports its hosts, prints the discovery list, or sends one round of values.",
        subcommands = {
            ZabbixCommand.Discovery.class,
            ZabbixCommand.Send.class,
            ZabbixImportCommand.class,
            ZabbixSetupCommand.class
        })
public final class ZabbixCommand extends ParentCommand {

    @Command(
            name = "discovery",
            description = {
                "Prints the low-level discovery JSON of the addresses that go to Zabbix.",
                "These follow from the jobs and groups in Redis, and from zabbix.groups."
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
            Config config = CommandConfig.load(context);
            LibraryLogging.silence();
            context.terminal().out().println(Json.harmless(context.operations().zabbixDiscovery(config, errList)));
        }
    }

    @Command(
            name = "send",
            description = {
                "Probes every address that goes to Zabbix, and sends discovery lists and values to zabbix.servers.",
                "Each address gets zabbix.down-after probes, one second apart.",
                "Needs no running agent, and does not disturb one."
            })
    static final class Send implements Runnable {

        private final Context context;

        @Option(
                names = "--dry-run",
                description = "Send nothing; print the values as 'zabbix_sender --with-ns --input-file' takes them.")
        private boolean isDryRun;

        @Option(
                names = "--explain",
                description = "Send through the Zabbix API (7.0 and later), and print why a value is refused.")
        private boolean explains;

        Send(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            if (isDryRun && explains) {
                throw CommandFailure.usage("--explain sends, and --dry-run does not; write one of them");
            }
            Config config = CommandConfig.load(context);
            if (explains) {
                LibraryLogging.silence();
                explain(context.operations()
                        .zabbixExplain(
                                config,
                                config.zabbix().api(),
                                context.interrupt().listen()));
                return;
            }
            if (!isDryRun && !config.zabbix().isOn()) {
                throw new CommandFailure(
                        ExitStatus.BAD_CONFIGURATION,
                        "zabbix.servers: no server is named; name one, or use --dry-run to see the values");
            }
            LibraryLogging.silence();
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

        private void explain(ZabbixExplanation explanation) {
            Terminal terminal = context.terminal();
            int refused = explanation.refused().stream()
                    .mapToInt(ZabbixExplanation.Refused::values)
                    .sum();
            terminal.say(Numbers.count(explanation.addresses(), "address", "addresses") + ", "
                    + Numbers.grouped(explanation.answered()) + " answered; " + explanation.server() + " took "
                    + Numbers.grouped(explanation.accepted()) + " of "
                    + Numbers.count(explanation.accepted() + refused, "value", "values"));
            for (ZabbixExplanation.Refused group : explanation.refused()) {
                terminal.say(Ansi.harmless(Numbers.count(group.values(), "value", "values") + " refused: "
                        + group.reason() + "; " + group.remedy()));
                group.examples().forEach(example -> terminal.say("  " + Ansi.harmless(example)));
                if (group.values() > group.examples().size()) {
                    terminal.say("  ... and "
                            + Numbers.grouped(group.values() - group.examples().size()) + " more");
                }
            }
            if (refused > 0) {
                throw new CommandFailure(
                        ExitStatus.BAD_CONFIGURATION,
                        "Zabbix refused " + Numbers.count(refused, "value", "values") + "; the reasons stand above");
            }
        }
    }
}
