package io.pingagent.cli.zabbix;

import io.pingagent.cli.shell.Ansi;
import io.pingagent.cli.shell.CommandConfig;
import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.cli.shell.Context;
import io.pingagent.cli.shell.Json;
import io.pingagent.cli.shell.LibraryLogging;
import io.pingagent.cli.shell.Names;
import io.pingagent.cli.shell.Numbers;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.cli.view.ListedJobs;
import io.pingagent.config.Config;
import io.pingagent.imports.ZabbixImportResult;
import io.pingagent.imports.ZabbixImportResult.Change;
import io.pingagent.redis.RedisUnreachableException;
import io.pingagent.redis.admin.AdminRefusedException;
import io.pingagent.redis.admin.RedisAdmin;
import io.pingagent.zabbix.api.HostSelection;
import io.pingagent.zabbix.api.ZabbixImport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Hosts that Zabbix has already become the addresses of a group. */
@Command(
        name = "import",
        description = {
            "Makes a group from hosts in Zabbix; the values of their addresses go to these hosts.",
            "Hosts are read from the Zabbix API. A second run updates only what differs; members added by hand stay.",
            "A host's address is that of its main interface: agent, SNMP, JMX or IPMI, in this order."
        })
final class ZabbixImportCommand implements Runnable {

    private static final int MOST_SHOWN = 20;

    private final Context context;

    @Option(names = "--group", paramLabel = "GROUP", required = true, description = "The group in Redis.")
    private String group = "";

    @Option(
            names = "--hostgroup",
            paramLabel = "NAME",
            description = "Hosts in this host group of Zabbix or one below it; repeat it for several.")
    private List<String> hostGroups = new ArrayList<>();

    @Option(
            names = "--tag",
            paramLabel = "TAG",
            description = "Hosts with this tag, theirs or of a template: NAME=VALUE, or NAME for any value.")
    private List<String> tags = new ArrayList<>();

    @Option(
            names = "--template",
            paramLabel = "NAME",
            description = "Hosts with this template, linked directly or by another; repeat it for several.")
    private List<String> templates = new ArrayList<>();

    @Option(
            names = "--link-template",
            description = "Link the template 'Ping address by Zabbix trapper' to hosts that lack our items.")
    private boolean linksTemplate;

    @Option(names = "--dry-run", description = "Change nothing; show what would change.")
    private boolean isDryRun;

    @Option(names = "--force", description = "Continue even if more than half of the hosts are gone.")
    private boolean isForced;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Mixin
    private ZabbixApiOptions api = new ZabbixApiOptions();

    ZabbixImportCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        Names.check("group", group);
        if (hostGroups.isEmpty() && tags.isEmpty() && templates.isEmpty()) {
            throw CommandFailure.usage("name the hosts by --hostgroup NAME, --tag NAME=VALUE or --template NAME");
        }
        for (String tag : tags) {
            if (tag.isEmpty() || tag.startsWith("=")) {
                throw CommandFailure.usage("'--tag " + tag + "' names no tag; write NAME=VALUE or NAME");
            }
        }
        Config config = CommandConfig.load(context);
        LibraryLogging.silence();
        ZabbixImport entry = new ZabbixImport(
                group, new HostSelection(hostGroups, tags, templates), linksTemplate, ZabbixImport.DEFAULT_EVERY);
        ZabbixImportResult result =
                context.operations().zabbixImport(config, api.over(config), entry, isDryRun, isForced);
        if (json) {
            print(result);
        } else {
            show(result);
        }
        result.warnings().forEach(warning -> context.terminal().complain(Ansi.harmless(warning)));
        if (!isDryRun && !json) {
            hint(config);
        }
    }

    private void show(ZabbixImportResult result) {
        Terminal terminal = context.terminal();
        List<Change> changes = result.changes();
        changes.stream().limit(MOST_SHOWN).forEach(change -> terminal.say(Ansi.harmless(change.toString())));
        if (changes.size() > MOST_SHOWN) {
            terminal.say("... and " + Numbers.grouped(changes.size() - MOST_SHOWN) + " more changes");
        }
        terminal.say((isDryRun ? "dry run, nothing was changed: group '" : "group '") + group + "': "
                + Numbers.count(result.counts().hosts(), "host", "hosts") + " with "
                + Numbers.count(result.counts().addresses(), "address", "addresses") + "; " + summary(result));
    }

    private static String summary(ZabbixImportResult result) {
        List<String> parts = new ArrayList<>();
        for (Change.Kind kind : Change.Kind.values()) {
            long count = result.count(kind);
            if (count > 0) {
                String word = kind == Change.Kind.KEYS
                        ? "with other keys"
                        : kind.name().toLowerCase(Locale.ROOT);
                parts.add(Numbers.grouped(count) + " " + word);
            }
        }
        if (result.counts().linked() > 0) {
            parts.add("template linked to " + Numbers.count(result.counts().linked(), "host", "hosts"));
        }
        if (parts.isEmpty() && result.counts().addedMembers() + result.counts().removedMembers() > 0) {
            parts.add(Numbers.count(
                            result.counts().addedMembers() + result.counts().removedMembers(), "address", "addresses")
                    + " of the group corrected");
        }
        return parts.isEmpty() ? (result.isChanged() ? "listed" : "nothing to change") : String.join(", ", parts);
    }

    /** A group that no job names is not probed. The import is done by now, so what Redis refuses here is no failure. */
    private void hint(Config config) {
        try (RedisAdmin redis = CommandConfig.redis(config)) {
            if (ListedJobs.naming(redis, group).isEmpty()) {
                context.terminal()
                        .complain(
                                "no job names group '" + group + "', so nothing probes it yet; add one with 'ping-agent"
                                        + " job add " + group + " --spec \"*/10 * * * * *\" --group " + group + "'");
            }
        } catch (AdminRefusedException | RedisUnreachableException e) {
            // Only a hint.
        }
    }

    private void print(ZabbixImportResult result) {
        Json.print(context.terminal(), out -> {
            out.beginObject();
            out.name("group").value(result.group());
            out.name("dryRun").value(isDryRun);
            out.name("changed").value(result.isChanged());
            out.name("hosts").value(result.counts().hosts());
            out.name("addresses").value(result.counts().addresses());
            out.name("linked").value(result.counts().linked());
            out.name("lacking").value(result.counts().lacking());
            out.name("changes").beginArray();
            for (Change change : result.changes()) {
                out.beginObject();
                out.name("change").value(change.word());
                out.name("host").value(change.host());
                out.name("detail").value(change.detail());
                out.endObject();
            }
            out.endArray();
            out.name("warnings").beginArray();
            for (String warning : result.warnings()) {
                out.value(warning);
            }
            out.endArray();
            out.endObject();
        });
    }
}
