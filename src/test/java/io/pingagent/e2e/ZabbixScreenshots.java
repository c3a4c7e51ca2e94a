package io.pingagent.e2e;

import io.pingagent.testkit.Behaviour;
import io.pingagent.testkit.Command;
import io.pingagent.testkit.Requires;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Makes the pictures of the documentation, by hand and as root: what an agent measured in 20 minutes of responders with
 * delay and jitter, as Zabbix shows it. Started like {@link ZabbixAcceptance}.
 */
final class ZabbixScreenshots {

    private static final Path IMAGES = Path.of("src/site/resources/images");
    private static final String HOST = "gza";
    private static final String SILENT = "198.51.100.7";
    private static final String LOSSY = "203.0.113.80";
    private static final long MINUTES_WELL = 14;
    private static final long MINUTES_ILL = 7;

    private ZabbixScreenshots() {}

    private static Behaviour delay(double millis, double jitterMillis) {
        return Behaviour.delayed(Duration.ofNanos((long) (millis * 1e6)))
                .jitter(Duration.ofNanos((long) (jitterMillis * 1e6)));
    }

    public static void main(String... arguments) throws Exception {
        ZabbixLab.require();
        Requires.program("chromium", "chromium");
        Map<String, Behaviour> core = new LinkedHashMap<>();
        core.put("192.0.2.1", delay(4, 1));
        core.put("192.0.2.2", delay(9, 3));
        Map<String, Behaviour> edge = new LinkedHashMap<>();
        edge.put(SILENT, delay(19, 6));
        edge.put(LOSSY, delay(33, 9));
        edge.put("2001:db8::1", delay(240, 20));
        edge.put("2001:db8::53", delay(44, 12));
        try (ZabbixLab lab = new ZabbixLab()) {
            for (String network : List.of("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/64")) {
                lab.responder().route(network);
            }
            core.forEach(lab.responder()::behave);
            edge.forEach(lab.responder()::behave);
            lab.catalogue().group("core", List.copyOf(core.keySet())).group("edge", List.copyOf(edge.keySet()));
            lab.catalogue().job("ten-seconds", "*/10 * * * * *", "core", "edge");
            String id = lab.host(HOST);
            lab.agent(lab.configuration(HOST, List.of()));
            TimeUnit.MINUTES.sleep(MINUTES_WELL);
            lab.responder().behave(SILENT, Behaviour.silent());
            lab.responder().behave(LOSSY, delay(33, 9).losing(0.27));
            TimeUnit.MINUTES.sleep(MINUTES_ILL);
            String page = lab.zabbix()
                    .sql("select min(dashboardid) from dashboard d join hosts h on"
                            + " h.hostid = d.templateid where h.host = 'Ping agent by Zabbix trapper'");
            // The frontend is outside of the server's namespace and would say that there is none.
            lab.zabbix().sql("update config set server_check_interval = 0");
            Files.createDirectories(IMAGES);
            shoot(
                    lab,
                    "zabbix.php?action=problem.view&kiosk=1&filter_set=1&show=3&show_opdata=1&hostids[]=" + id,
                    330,
                    "zabbix-problems.png");
            shoot(
                    lab,
                    "zabbix.php?action=host.dashboard.view&kiosk=1&from=now-25m&to=now&hostid=" + id + "&dashboardid="
                            + page.strip(),
                    1_280,
                    "zabbix-dashboard.png");
        }
        System.exit(0);
    }

    private static void shoot(ZabbixLab lab, String page, int height, String name) throws IOException {
        Path profile = Files.createTempDirectory("ping-agent-chromium-");
        Path image = IMAGES.resolve(name).toAbsolutePath();
        Files.deleteIfExists(image);
        Command.run(
                "timeout",
                "60",
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--user-data-dir=" + profile,
                "--window-size=1400," + height,
                "--virtual-time-budget=15000",
                "--screenshot=" + image,
                lab.zabbix().frontendUrl() + "index.php?name=Admin&password=zabbix&enter=Sign+in&request="
                        + URLEncoder.encode(page, StandardCharsets.UTF_8));
        Command.run("rm", "-rf", profile.toString());
        if (!Files.exists(image)) {
            throw new IOException(name + " was not made");
        }
        System.out.println(image);
    }
}
