package io.pingagent.pages;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** What manual pages show of the use of each command. Run by the build, left out of the jar. Stateless. */
final class ManualPageExamples {

    /**
     * One line to type and what it does.
     *
     * @param line from {@code ping-agent} on
     * @param meaning a sentence
     */
    record Example(String line, String meaning) {}

    private static final Map<String, List<Example>> BY_COMMAND = Map.ofEntries(
            Map.entry(
                    "ping-agent",
                    List.of(
                            new Example("ping-agent demo", "Shows everything on this machine, without a network."),
                            new Example("ping-agent group add routers 192.0.2.1 2001:db8::1", "Makes a group."),
                            new Example(
                                    "ping-agent job add core --spec '*/10 * * * * *' --group routers",
                                    "Has it probed every 10 seconds."),
                            new Example("ping-agent doctor", "Looks whether all is there that the agent needs."))),
            Map.entry(
                    "run",
                    List.of(
                            new Example("ping-agent run", "Runs the agent with the configuration of this machine."),
                            new Example(
                                    "ping-agent run --config /etc/ping-agent/branch.yaml",
                                    "Runs another one beside it."))),
            Map.entry(
                    "demo",
                    List.of(
                            new Example("ping-agent demo", "Until q or Ctrl-C."),
                            new Example(
                                    "ping-agent demo --duration 30s --targets 100",
                                    "A larger one that ends by itself."))),
            Map.entry(
                    "check-config",
                    List.of(new Example(
                            "ping-agent check-config --config /etc/ping-agent/branch.yaml",
                            "Prints what is in effect and where each value comes from."))),
            Map.entry(
                    "doctor",
                    List.of(
                            new Example("ping-agent doctor", "One line for each check."),
                            new Example("ping-agent doctor --json", "The same for scripts."))),
            Map.entry(
                    "status",
                    List.of(
                            new Example("ping-agent status", "All agents, and the addresses in trouble."),
                            new Example("ping-agent status --all --agent gza", "Every address of one agent."),
                            new Example("ping-agent status --label site=ams", "Every address with this label."),
                            new Example("ping-agent status --json", "For scripts."))),
            Map.entry("top", List.of(new Example("ping-agent top --agent gza", "One agent, live."))),
            Map.entry(
                    "trace",
                    List.of(
                            new Example("ping-agent trace 192.0.2.7", "The hops on the way, live."),
                            new Example(
                                    "ping-agent trace -r -c 5 --names core-1.example.net",
                                    "A table after five rounds, with the names of the hops."),
                            new Example(
                                    "ping-agent trace --last 192.0.2.7",
                                    "The path when the address last went down, beside the last good one."))),
            Map.entry(
                    "plot",
                    List.of(
                            new Example(
                                    "ping-agent plot 192.0.2.1 --last 10m --output 192.0.2.1.svg",
                                    "The last ten minutes as a picture."),
                            new Example("ping-agent plot 192.0.2.1 --last 90s", "To standard output."))),
            Map.entry(
                    "ping",
                    List.of(
                            new Example("ping-agent ping -c 3 192.0.2.1 2001:db8::1", "Three probes each."),
                            new Example("ping-agent ping -a -g 192.0.2.0/29", "Which addresses of a network answer."),
                            new Example(
                                    "ping-agent ping -c 1 -q -f sites.txt", "The targets of a file, totals only."))),
            Map.entry(
                    "job",
                    List.of(
                            new Example(
                                    "ping-agent job add core --spec '*/10 * * * * *' --group routers",
                                    "Every 10 seconds."),
                            new Example(
                                    "ping-agent job add daily --spec 'CRON_TZ=Europe/Berlin 0 6 * * *' --group sites",
                                    "At six in the morning, in Berlin."),
                            new Example("ping-agent job show core", "What it means and when it fires."),
                            new Example("ping-agent job remove core", "Ends it."))),
            Map.entry(
                    "group",
                    List.of(
                            new Example("ping-agent group add routers 192.0.2.1 198.51.100.0/28", "Adds members."),
                            new Example("ping-agent group add sites --file sites.txt", "One member per line."),
                            new Example(
                                    "ping-agent group add sites 192.0.2.7 name=core-1 site=ams",
                                    "With a name and a label."),
                            new Example("ping-agent group remove routers 192.0.2.1", "Takes one member out."))),
            Map.entry(
                    "agent",
                    List.of(
                            new Example("ping-agent agent list", "All agents of this Redis."),
                            new Example("ping-agent agent show gza", "What one does and what troubles it."),
                            new Example("ping-agent agent remove old", "Forgets a retired one."))),
            Map.entry(
                    "err-list",
                    List.of(
                            new Example("ping-agent err-list list", "Of the agent of this machine."),
                            new Example(
                                    "ping-agent err-list add 192.0.2.1 --agent gza", "Has it probed every second."))),
            Map.entry(
                    "zabbix",
                    List.of(
                            new Example("ping-agent zabbix setup", "Imports the templates, makes the agent's host."),
                            new Example(
                                    "ping-agent zabbix import --group core --hostgroup Routers --link-template",
                                    "Hosts that Zabbix has become a group, and take its values."),
                            new Example("ping-agent zabbix discovery", "The list that Zabbix gets."),
                            new Example("ping-agent zabbix send --dry-run", "Probes once, prints and sends nothing."),
                            new Example(
                                    "ping-agent zabbix send --explain",
                                    "Probes once, and says why Zabbix refuses a value."))));

    private ManualPageExamples() {}

    static List<Example> of(CommandSpec command) {
        return BY_COMMAND.getOrDefault(command.name(), List.of());
    }
}
