package io.pingagent.packaging;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.pingagent.e2e.Catalogue;
import io.pingagent.testkit.Command;
import io.pingagent.testkit.NetworkNamespace;
import io.pingagent.testkit.RedisServer;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.Sandbox;
import io.pingagent.testkit.TunResponder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The units, run by a systemd of their own. */
@Execution(ExecutionMode.CONCURRENT)
@Tag("root")
class SystemdServiceIT {

    private static final String UNIT = "ping-agent.service";
    private static final String DIRECTORY = "/etc/ping-agent/";
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** systemd calls up to 2.0 "OK"; the rest is what any service that probes any address has to have. */
    private static final double WORST_EXPOSURE = 1.5;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private NetworkNamespace namespace;
    private Sandbox machine;
    private RedisServer redis;
    private Catalogue catalogue;

    @BeforeAll
    static void requires() {
        Sandbox.requiredWithSystemd();
        Requires.tun();
        Requires.redisServer();
        Requires.program("dpkg", "dpkg");
    }

    @BeforeEach
    void install() throws Exception {
        namespace = opened(NetworkNamespace.create("systemd"));
        opened(TunResponder.start(namespace));
        redis = opened(RedisServer.startedIn(namespace));
        catalogue = new Catalogue(redis.url());
        catalogue.group("g", "10.9.1.1").job("j", "* * * * * *", "g");
        machine = opened(Sandbox.withSystemd(namespace));
        machine.run("dpkg", "-P", "ping-agent");
        machine.check("dpkg", "-i", machine.bring(Packages.deb()));
    }

    @AfterEach
    void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.push(resource);
        return resource;
    }

    private String show(String unit, String property) throws IOException {
        return machine.check("systemctl", "show", "-P", property, unit).strip();
    }

    private void configure(String file, String agent) throws IOException {
        Path path = machine.path(DIRECTORY + file);
        Files.writeString(path, "agent:\n  name: " + agent + "\nredis:\n  url: " + redis.url() + "\n");
        machine.check("chgrp", "ping-agent", DIRECTORY + file);
        machine.check("chmod", "640", DIRECTORY + file);
    }

    private List<JsonObject> journal() throws IOException {
        List<JsonObject> entries = new ArrayList<>();
        for (String line : machine.check("journalctl", "-u", UNIT, "-o", "json", "--no-pager")
                .lines()
                .toList()) {
            entries.add(JsonParser.parseString(line).getAsJsonObject());
        }
        return entries;
    }

    private String priorityOf(String message) throws IOException {
        return journal().stream()
                .filter(entry -> entry.get("MESSAGE").getAsString().contains(message))
                .map(entry -> entry.get("PRIORITY").getAsString())
                .findFirst()
                .orElse("none");
    }

    @Test
    void theServiceFromInstallationToPurge() throws Exception {
        // Not before it is configured, and not by itself.
        assertEquals(
                "inactive", machine.run("systemctl", "is-active", UNIT).output().strip());
        assertEquals(
                "disabled",
                machine.run("systemctl", "is-enabled", UNIT).output().strip());
        verifiesAndIsHardened();

        // A mistake is told with its priority, and not tried again.
        Files.writeString(machine.path(DIRECTORY + "ping-agent.yaml"), "agent:\n  nam: x\n");
        assertNotEquals(0, machine.run("systemctl", "start", UNIT).exitStatus());
        assertEquals("failed", show(UNIT, "ActiveState"));
        // The journal is written by another process.
        await().atMost(PATIENCE).until(() -> priorityOf("agent.nam").equals("3"));
        assertEquals("0", show(UNIT, "NRestarts"));

        configure("ping-agent.yaml", "svc");
        // Returns when READY=1 has come.
        machine.check("systemctl", "start", UNIT);
        assertEquals("active", show(UNIT, "ActiveState"));
        await().atMost(PATIENCE).until(() -> catalogue.exists("agent-ip-last-ms_svc_10.9.1.1"));
        hasTheRightsOfTheUnitAndNoOthers(show(UNIT, "MainPID"));
        await().atMost(PATIENCE).until(() -> priorityOf("agent svc starts").equals("6"));

        logLevelChangesWithoutRestart();
        anAgentThatHangsIsStartedAnew();
        anUpgradeRestartsWhatRuns();
        severalAgentsOnOneHost();

        machine.check("systemctl", "stop", UNIT);
        assertEquals("success", show(UNIT, "Result"));
        assertFalse(catalogue.exists("agent-online_svc"));
        machine.check("systemctl", "enable", "--now", UNIT);
        machine.check("dpkg", "-P", "ping-agent");
        assertFalse(machine.check("systemctl", "list-units", "--no-legend", "ping-agent*")
                .contains("running"));
        assertEquals(
                "",
                machine.sh("find /etc -name '*ping-agent*' ! -path '*/ping-agent.service.d*'")
                        .strip());
    }

    private void verifiesAndIsHardened() throws IOException {
        String units = "/usr/lib/systemd/system/ping-agent";
        Command verify = machine.run("systemd-analyze", "verify", units + ".service", units + "@.service");
        assertEquals(0, verify.exitStatus(), verify.output());
        // Known from version 254 on; the unit says so.
        List<String> complaints = verify.output()
                .lines()
                .filter(line -> line.contains("ping-agent")
                        && !line.contains("'RestartSteps'")
                        && !line.contains("'RestartMaxDelaySec'"))
                .toList();
        assertEquals(List.of(), complaints);
        for (String unit : List.of("ping-agent.service", "ping-agent@x.service")) {
            String security = machine.check("systemd-analyze", "security", "--no-pager", unit);
            Matcher exposure =
                    Pattern.compile("Overall exposure level for .*: ([0-9.]+)").matcher(security);
            assertTrue(exposure.find(), security);
            assertTrue(Double.parseDouble(exposure.group(1)) <= WORST_EXPOSURE, security);
        }
    }

    private void hasTheRightsOfTheUnitAndNoOthers(String pid) throws IOException {
        String status = machine.check("cat", "/proc/" + pid + "/status");
        String netRaw = String.format("%016x", 1 << 13);
        for (String set : List.of("CapEff", "CapPrm", "CapAmb", "CapBnd")) {
            assertTrue(status.contains(set + ":\t" + netRaw), set + " in " + status);
        }
        assertTrue(status.contains("NoNewPrivs:\t1"), status);
        assertTrue(status.contains("Seccomp:\t2"), status);
        assertEquals(
                "",
                machine.sh("ls -A /proc/" + pid + "/root/tmp /proc/" + pid
                                + "/root/var/tmp | grep -v : | grep . || true")
                        .strip(),
                "litter in /tmp");
    }

    private void logLevelChangesWithoutRestart() throws Exception {
        String pid = show(UNIT, "MainPID");
        Path file = machine.path(DIRECTORY + "ping-agent.yaml");
        Files.writeString(file, Files.readString(file) + "logging:\n  level: debug\n");
        machine.check("systemctl", "reload", UNIT);
        await().atMost(PATIENCE)
                .until(() -> priorityOf("logging.level is now DEBUG").equals("6"));
        Files.writeString(file, Files.readString(file) + "nonsense: 1\n");
        machine.check("systemctl", "reload", UNIT);
        await().atMost(PATIENCE)
                .until(() -> priorityOf("the configuration is not valid").equals("3"));
        configure("ping-agent.yaml", "svc");
        assertEquals(pid, show(UNIT, "MainPID"));
        assertEquals("active", show(UNIT, "ActiveState"));
    }

    private void anAgentThatHangsIsStartedAnew() throws Exception {
        machine.sh("mkdir -p /etc/systemd/system/ping-agent.service.d;"
                + " printf '[Service]\\nWatchdogSec=5s\\nRestartSec=100ms\\n' >/etc/systemd/system/ping-agent.service.d/test.conf;"
                + " systemctl daemon-reload; systemctl restart " + UNIT);
        String pid = show(UNIT, "MainPID");
        // Twice the interval: it is fed while all is well.
        Thread.sleep(11_000);
        assertEquals(pid, show(UNIT, "MainPID"));
        machine.sh("kill -STOP " + pid);
        await().atMost(PATIENCE)
                .until(() -> show(UNIT, "NRestarts").equals("1")
                        && show(UNIT, "ActiveState").equals("active"));
        assertNotEquals(pid, show(UNIT, "MainPID"));
        machine.sh("rm -r /etc/systemd/system/ping-agent.service.d; systemctl daemon-reload");
    }

    private void anUpgradeRestartsWhatRuns() throws Exception {
        String pid = show(UNIT, "MainPID");
        machine.check("dpkg", "-i", "--force-confold", "/tmp/" + Packages.deb().getFileName());
        assertNotEquals(pid, show(UNIT, "MainPID"));
        assertEquals("active", show(UNIT, "ActiveState"));
    }

    private void severalAgentsOnOneHost() throws Exception {
        configure("second.yaml", "second");
        machine.check("systemctl", "start", "ping-agent@second");
        await().atMost(PATIENCE).until(() -> catalogue.exists("agent-online_second"));
        assertEquals(
                "750 ping-agent:ping-agent",
                machine.check("stat", "-c", "%a %U:%G", "/var/lib/ping-agent/second")
                        .strip());
        // Every user may ask at the socket, and one agent's end takes nothing from the other.
        String sockets = "/run/ping-agent/";
        assertEquals(
                "666 ping-agent:ping-agent",
                machine.check("stat", "-c", "%a %U:%G", sockets + "second.sock").strip());
        machine.check("systemctl", "stop", "ping-agent@second");
        assertEquals("svc.sock", machine.check("ls", sockets).strip());
        assertEquals("755", machine.check("stat", "-c", "%a", sockets).strip());
        // Without a file it does not even try.
        machine.check("systemctl", "start", "ping-agent@third");
        assertEquals("inactive", show("ping-agent@third", "ActiveState"));
    }
}
