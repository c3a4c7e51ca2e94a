package io.pingagent.templates;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.testkit.Command;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.ZabbixApi;
import io.pingagent.testkit.ZabbixStack;
import io.pingagent.testkit.ZabbixStack.Value;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Makes the pictures of the documentation: {@code mvn -Dtest=ZabbixScreenshots test}, with sample values. No
 * test; its name keeps it out of every other run.
 */
class ZabbixScreenshots {

    private static final Path IMAGES = Path.of("src/site/resources/images");
    private static final String HOST = "gza";
    private static final List<String> ADDRESSES = List.of(
            "192.0.2.1",
            "192.0.2.2",
            "192.0.2.17",
            "198.51.100.7",
            "203.0.113.5",
            "203.0.113.80",
            "2001:db8::1",
            "2001:db8::53");

    @Test
    void problemsAndDashboard() throws IOException {
        Requires.program("chromium", "chromium");
        try (ZabbixStack zabbix = ZabbixStack.started()) {
            ZabbixApi api = zabbix.api();
            api.importYaml(Files.readString(TemplateFile.AGENT));
            String id = api.createHost(HOST, api.templateId("Ping agent by Zabbix trapper"));
            zabbix.reloadConfiguration();
            long now = System.currentTimeMillis() / 1_000;
            zabbix.sendAccepted(List.of(new Value(
                    HOST,
                    "ping.discovery",
                    now,
                    1,
                    ADDRESSES.stream()
                            .map(address -> "{\"{#IP}\":\"" + address + "\",\"{#GROUP}\":\""
                                    + (address.startsWith("192") ? "core" : "edge")
                                    + "\",\"{#JOB}\":\"ten-seconds\",\"{#AGENT}\":\"gza\"}")
                            .collect(Collectors.joining(",", "[", "]")))));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> api.items(id).size() == 11 + 6 * 8);
            zabbix.reloadConfiguration();
            zabbix.sendAccepted(history(now));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> api.problems(id).keySet().size() >= 3);
            String pageId =
                    zabbix.sql("select min(dashboardid) from dashboard d join hosts h on h.hostid = d.templateid"
                            + " where h.host = 'Ping agent by Zabbix trapper'");
            Files.createDirectories(IMAGES);
            shoot(
                    zabbix,
                    "zabbix.php?action=problem.view&kiosk=1&filter_set=1&show=3&show_opdata=1&hostids[]=" + id,
                    330,
                    "zabbix-problems.png");
            shoot(
                    zabbix,
                    "zabbix.php?action=host.dashboard.view&kiosk=1&from=now-1h&to=now&hostid=" + id + "&dashboardid="
                            + pageId,
                    1_000,
                    "zabbix-dashboard.png");
        }
    }

    /** An hour: one address went down six minutes ago, one loses packets, one is slow. */
    private static List<Value> history(long now) {
        Random random = new Random(1);
        List<Value> values = new ArrayList<>();
        for (long clock = now - 3_600; clock <= now; clock += 60) {
            for (int i = 0; i < ADDRESSES.size(); i++) {
                boolean down = i == 3 && clock > now - 360;
                double loss = down ? 100 : i == 5 && clock > now - 900 ? 30 + random.nextInt(12) : 0;
                double rtt = (i == 6 && clock > now - 1_500 ? 0.21 : 0.004 + 0.006 * i)
                        * (1 + 0.15 * Math.sin(clock / 400.0 + i) + 0.08 * random.nextDouble());
                String key = "[\"" + ADDRESSES.get(i) + "\"]";
                values.add(new Value(HOST, "ping.status" + key, clock, i, down ? "0" : "1"));
                values.add(new Value(HOST, "ping.loss" + key, clock, i, Double.toString(loss)));
                if (!down) {
                    values.add(seconds("ping.rtt" + key, clock, rtt));
                    values.add(seconds("ping.rtt.min" + key, clock, rtt * 0.9));
                    values.add(seconds("ping.rtt.max" + key, clock, rtt * (1.1 + 0.3 * random.nextDouble())));
                    values.add(seconds("ping.jitter" + key, clock, rtt * 0.05 * (1 + random.nextDouble())));
                }
            }
            values.add(new Value(HOST, "ping.agent.heartbeat", clock, 1, Long.toString(clock)));
            values.add(new Value(HOST, "ping.agent.targets", clock, 1, Integer.toString(ADDRESSES.size())));
            values.add(new Value(HOST, "ping.agent.errlist.size", clock, 1, clock > now - 360 ? "2" : "0"));
            values.add(new Value(HOST, "ping.agent.redis.state", clock, 1, "1"));
            values.add(new Value(HOST, "ping.agent.probes.rate", clock, 1, "0.8"));
        }
        return values;
    }

    private static Value seconds(String key, long clock, double seconds) {
        return new Value(HOST, key, clock, 7, String.format("%.6f", seconds));
    }

    private static void shoot(ZabbixStack zabbix, String page, int height, String name) throws IOException {
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
                zabbix.frontendUrl() + "index.php?name=Admin&password=zabbix&enter=Sign+in&request="
                        + URLEncoder.encode(page, StandardCharsets.UTF_8));
        Command.run("rm", "-rf", profile.toString());
        assertTrue(Files.exists(image), name);
    }
}
