package io.pingagent.e2e;

import io.pingagent.testkit.Behaviour;
import io.pingagent.testkit.Command;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.ZabbixStack;
import io.pingagent.testkit.ZabbixVersion;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Makes the pictures of the documentation, by hand and as root: what three agents measured in 20 minutes of responders with
 * delay, jitter and loss, as Zabbix 7.0 shows it. Started like {@link ZabbixAcceptance}; as an argument it takes the minutes,
 * for a trial.
 */
final class ZabbixScreenshots {

    private static final Path IMAGES = Path.of("src/site/resources/images");
    /** Has one host for all of its addresses. */
    private static final String AGENT = "gza";
    /** Has one host as well, with few addresses, for a page of graphs. */
    private static final String GRAPHS_AGENT = "gzc";
    /** Has a host for each of its addresses. */
    private static final String HOSTS_AGENT = "gzb";

    private static final List<String> SILENT = List.of("198.51.100.7", "198.51.100.12");
    private static final String LOSSY = "203.0.113.80";
    private static final String LONG_WAY = "2001:db8::1";
    private static final int WIDTH = 1_400;

    private ZabbixScreenshots() {}

    private static Behaviour delay(double millis, double jitterMillis) {
        return Behaviour.delayed(Duration.ofNanos((long) (millis * 1e6)))
                .jitter(Duration.ofNanos((long) (jitterMillis * 1e6)));
    }

    private static Map<String, List<String>> groups() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        groups.put("core", numbered("192.0.2.", 1, 12));
        groups.put("branch", numbered("198.51.100.", 1, 16));
        groups.put("graphs", List.of("192.0.2.1", "192.0.2.2", SILENT.get(0), LOSSY, LONG_WAY, "2001:db8::53"));
        groups.put(
                "dsl",
                List.of(
                        "203.0.113.5",
                        "203.0.113.17",
                        "203.0.113.42",
                        LOSSY,
                        LONG_WAY,
                        "2001:db8::53",
                        "2001:db8::80"));
        return groups;
    }

    private static List<String> numbered(String prefix, int first, int last) {
        List<String> addresses = new ArrayList<>();
        for (int i = first; i <= last; i++) {
            addresses.add(prefix + i);
        }
        return addresses;
    }

    public static void main(String... arguments) throws Exception {
        ZabbixLab.require();
        ZabbixStack.require(ZabbixVersion.V7_0);
        Requires.program("chromium", "chromium");
        long minutes = arguments.length > 0 ? Long.parseLong(arguments[0]) : 21;
        Map<String, List<String>> groups = groups();
        try (ZabbixLab lab = new ZabbixLab(ZabbixVersion.V7_0)) {
            lab.api().importYaml(Files.readString(ZabbixVersion.V7_0.template("ping-agent-hosts.yaml")));
            for (String network : List.of("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/64")) {
                lab.responder().route(network);
            }
            int place = 0;
            for (List<String> addresses : groups.values()) {
                for (String address : addresses) {
                    double millis = 2 + 1.7 * place++;
                    lab.responder().behave(address, delay(millis, millis / 6));
                }
            }
            lab.responder().behave(LONG_WAY, delay(240, 20));
            groups.forEach((group, addresses) -> lab.catalogue().group(group, addresses));
            lab.catalogue().job("ten-seconds", "*/10 * * * * *", groups.keySet().toArray(String[]::new));
            String host = lab.host(AGENT);
            String graphsHost = lab.host(GRAPHS_AGENT);
            lab.api()
                    .createHost(
                            HOSTS_AGENT,
                            lab.api().templateId(ZabbixLab.TEMPLATE),
                            lab.api().templateId("Ping addresses as hosts by Zabbix trapper"));
            lab.zabbix().reloadConfiguration();
            lab.agent(lab.configuration(AGENT, List.of()));
            lab.agent(lab.configuration(GRAPHS_AGENT, List.of("groups: [graphs]", buffer(lab, GRAPHS_AGENT))));
            lab.agent(lab.configuration(HOSTS_AGENT, List.of("host-per-address: true", buffer(lab, HOSTS_AGENT))));
            TimeUnit.SECONDS.sleep(minutes * 40);
            SILENT.forEach(address -> lab.responder().behave(address, Behaviour.silent()));
            lab.responder().behave(LOSSY, delay(33, 9).losing(0.45));
            TimeUnit.SECONDS.sleep(minutes * 20);
            // The frontend is outside of the server's namespace and would say that there is none.
            lab.zabbix().sql("update config set server_check_interval = 0");
            Files.createDirectories(IMAGES);
            String dashboard = dashboard(lab, ZabbixLab.TEMPLATE, host, minutes);
            shoot(lab, dashboard + "&page=1", 1_330, "zabbix-overview.png");
            shoot(
                    lab,
                    dashboard(lab, ZabbixLab.TEMPLATE, graphsHost, minutes) + "&page=3",
                    1_310,
                    "zabbix-dashboard.png");
            shoot(lab, dashboard + "&page=5", 900, "zabbix-agent.png");
            shoot(
                    lab,
                    "zabbix.php?action=problem.view&kiosk=1&filter_set=1&show=3&show_opdata=1&show_tags=3"
                            + "&tag_priority=address,group&hostids[]=" + host,
                    250,
                    "zabbix-problems.png");
            String address = lab.zabbix()
                    .sql("select hostid from hosts where host = 'ping " + HOSTS_AGENT + ' ' + LOSSY + "'")
                    .strip();
            shoot(
                    lab,
                    dashboard(lab, "Ping address by Zabbix trapper", address, minutes) + "&page=1",
                    990,
                    "zabbix-address.png");
        }
        System.exit(0);
    }

    private static String buffer(ZabbixLab lab, String agent) {
        return "buffer: {directory: " + lab.directory().resolve(agent) + "}";
    }

    private static String dashboard(ZabbixLab lab, String template, String host, long minutes) {
        String id = lab.zabbix()
                .sql("select min(dashboardid) from dashboard d join hosts h on h.hostid = d.templateid where h.host = '"
                        + template + "'")
                .strip();
        return "zabbix.php?action=host.dashboard.view&kiosk=1&from=now-" + minutes + "m&to=now&hostid=" + host
                + "&dashboardid=" + id;
    }

    private static void shoot(ZabbixLab lab, String page, int height, String name) throws IOException {
        Path profile = Files.createTempDirectory("ping-agent-chromium-");
        Path image = IMAGES.resolve(name).toAbsolutePath();
        Files.deleteIfExists(image);
        Command.run(
                "timeout",
                "120",
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--user-data-dir=" + profile,
                "--window-size=" + WIDTH + ',' + height,
                "--virtual-time-budget=20000",
                "--screenshot=" + image,
                lab.zabbix().frontendUrl() + "index.php?name=Admin&password=zabbix&enter=Sign+in&request="
                        + URLEncoder.encode(page, StandardCharsets.UTF_8));
        Command.run("rm", "-rf", profile.toString());
        if (!Files.exists(image)) {
            throw new IOException(name + " was not made");
        }
        IndexedPng.convert(image);
        System.out.println(image + " " + Files.size(image));
    }
}
