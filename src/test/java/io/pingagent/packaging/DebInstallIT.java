package io.pingagent.packaging;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.e2e.Catalogue;
import io.pingagent.model.Addresses;
import io.pingagent.testkit.Command;
import io.pingagent.testkit.NetworkNamespace;
import io.pingagent.testkit.RedisServer;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.Sandbox;
import io.pingagent.testkit.TestLogs;
import io.pingagent.testkit.TunResponder;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The DEB from installation to purge, on a machine without a running systemd. */
@Order(1)
@Tag("root")
class DebInstallIT {

    private static final String CONFIGURATION = "/etc/ping-agent/ping-agent.yaml";

    private static final String PLUGIN_CONFIGURATION = "/etc/zabbix/zabbix_agent2.d/plugins.d/ping-agent.conf";

    private static NetworkNamespace namespace;
    private static Sandbox machine;
    private static Set<String> before;

    @BeforeAll
    static void install() throws Exception {
        Sandbox.required();
        Requires.tun();
        Requires.redisServer();
        Requires.program("dpkg", "dpkg");
        Requires.program("setpriv", "util-linux");
        namespace = NetworkNamespace.create("deb");
        machine = Sandbox.in(namespace);
        machine.run("dpkg", "-P", "ping-agent");
        before = files();
        machine.check("dpkg", "-i", machine.bring(Packages.deb()));
    }

    @AfterAll
    static void remove() {
        if (machine != null) {
            machine.close();
        }
        if (namespace != null) {
            namespace.close();
        }
    }

    private static Set<String> files() throws Exception {
        return machine.sh("find / -xdev -path /tmp -prune -o -path /work -prune -o -path /root -prune -o -print")
                .lines()
                .filter(file -> file.contains("ping-agent"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String stat(String file) throws Exception {
        return machine.check("stat", "-c", "%a %U:%G", file).strip();
    }

    /** One machine after the other state, as an administrator goes through them. */
    @Test
    void fromInstallationToPurge() throws Exception {
        assertEquals("640 root:ping-agent", stat(CONFIGURATION));
        assertEquals("750 ping-agent:ping-agent", stat("/var/lib/ping-agent"));
        assertEquals("644 root:root", stat("/var/cache/ping-agent/classes.jsa"));
        assertEquals("644 root:root", stat("/var/cache/ping-agent/agent2.jsa"));
        assertEquals("755 ping-agent:ping-agent", stat("/run/ping-agent"));
        assertEquals(
                "",
                machine.sh("getcap -r /usr/lib/ping-agent /usr/bin/ping-agent 2>/dev/null || true")
                        .strip());

        probesAsTheUnitDoes();
        nobodyIsToldWhy();
        theDemoWantsARedis();
        commandsUseTheArchiveOfClassesIfItFits();
        thePluginOfAgent2IsOffAndStartsAsAnybody();
        anEditedConfigurationOutlivesAnUpgrade();

        removalSwitchesThePluginOfAgent2OffAndAnUpgradeDoesNot();
        assertTrue(Files.readString(machine.path(CONFIGURATION)).contains("# edited"));
        assertFalse(Files.exists(machine.path("/usr/bin/ping-agent")));
        assertFalse(Files.exists(machine.path("/var/cache/ping-agent")));
        machine.check("dpkg", "-P", "ping-agent");
        assertEquals(before, files());
        assertFalse(Files.exists(machine.path("/etc/ping-agent")));
        assertEquals(2, machine.run("getent", "passwd", "ping-agent").exitStatus());
    }

    private void probesAsTheUnitDoes() throws Exception {
        String address = "10.9.1.1";
        try (TunResponder responder = TunResponder.start(namespace);
                RedisServer redis = RedisServer.startedIn(namespace)) {
            Catalogue catalogue = new Catalogue(redis.url());
            catalogue.group("g", address).job("j", "* * * * * *", "g");
            String edited = Files.readString(machine.path(CONFIGURATION))
                    .replace("  #name:", "  name: probe1")
                    .replace("  url: redis://127.0.0.1:6379/0", "  url: " + redis.url());
            Files.writeString(machine.path(CONFIGURATION), edited + "# edited\n", StandardOpenOption.TRUNCATE_EXISTING);
            UnitFile unit =
                    new UnitFile(Files.readAllLines(machine.path("/usr/lib/systemd/system/ping-agent.service")));
            List<String> command = machine.command(unit.execStart().toArray(String[]::new));
            File log = TestLogs.newLog("agent").toFile();
            Process agent = new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(log)
                    .start();
            try {
                await().atMost(Duration.ofSeconds(90))
                        .until(() -> !agent.isAlive()
                                || responder.requestTimes(Addresses.parse(address)).length > 1
                                        && catalogue.exists("agent-ip-last-ms_probe1_" + address));
                assertTrue(agent.isAlive(), Files.readString(log.toPath()));
                String status = machine.check("/usr/bin/ping-agent", "status");
                assertTrue(status.contains("probe1  online"), status);
                assertEquals("", machine.sh("ls -A /tmp | grep -v deb$ || true").strip());
                machine.sh("for process in /proc/[0-9]*; do [ $(stat -c %U $process) != ping-agent ]"
                        + " || kill -TERM ${process#/proc/}; done");
                assertTrue(agent.waitFor(60, TimeUnit.SECONDS));
                assertEquals(0, agent.exitValue(), Files.readString(log.toPath()));
            } finally {
                agent.destroyForcibly();
            }
        }
    }

    private void nobodyIsToldWhy() throws Exception {
        List<String> nobody = List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups");
        for (List<String> arguments : List.of(
                List.of("/usr/bin/ping-agent", "run"),
                List.of("/usr/bin/ping-agent", "run", "--config", "/usr/share/ping-agent/empty.yaml"),
                List.of("/usr/bin/ping-agent", "ping", "--config", "/usr/share/ping-agent/empty.yaml", "127.0.0.1"))) {
            Files.writeString(machine.path("/usr/share/ping-agent/empty.yaml"), "agent:\n  name: x\n");
            List<String> words = new java.util.ArrayList<>(nobody);
            words.addAll(arguments);
            Command refused = machine.run(words.toArray(String[]::new));
            assertEquals(77, refused.exitStatus(), arguments + ": " + refused.output());
            assertEquals(1, refused.output().lines().count(), refused.output());
            assertTrue(refused.output().startsWith("ping-agent: "), refused.output());
        }
        Files.delete(machine.path("/usr/share/ping-agent/empty.yaml"));
    }

    private void theDemoWantsARedis() throws Exception {
        Command demo = machine.run(
                "env",
                "PATH=/nonexistent",
                "JAVA_HOME=" + System.getProperty("java.home"),
                "/usr/bin/ping-agent",
                "demo");
        assertEquals(69, demo.exitStatus(), demo.output());
        assertTrue(demo.output().contains("install one (Debian: redis-server"), demo.output());
        assertEquals(1, demo.output().lines().count(), demo.output());
    }

    private void commandsUseTheArchiveOfClassesIfItFits() throws Exception {
        String loaded =
                machine.check("env", "PING_AGENT_JAVA_OPTS=-Xlog:class+load:stdout", "/usr/bin/ping-agent", "--help");
        for (String name : List.of("io.pingagent.cli.RootCommand", "picocli.CommandLine$Help")) {
            assertTrue(loaded.contains(name + " source: shared objects file"), name + " is not in the archive");
        }
        String help = machine.check("/usr/bin/ping-agent", "--help");
        Path archive = machine.path("/var/cache/ping-agent/classes.jsa");
        // As that of another Java, and as none at all.
        Files.writeString(archive, "no archive");
        assertEquals(help, machine.check("/usr/bin/ping-agent", "--help"));
        Files.delete(archive);
        assertEquals(help, machine.check("/usr/bin/ping-agent", "--help"));
    }

    /** A plugin that cannot register would keep the whole agent 2 from starting. */
    private void thePluginOfAgent2IsOffAndStartsAsAnybody() throws Exception {
        List<String> lines = Files.readAllLines(machine.path(PLUGIN_CONFIGURATION));
        assertTrue(lines.stream().allMatch(line -> line.isEmpty() || line.startsWith("#")), lines.toString());
        String program = "/usr/lib/ping-agent/zabbix-agent2-plugin";
        assertTrue(lines.contains("#Plugins.Ping.System.Path=" + program), lines.toString());
        assertEquals("755 root:root", stat(program));
        // Where nobody listens it ends with 69: Java and the classes were found, without a word.
        Command plugin = machine.run(
                "setpriv",
                "--reuid=nobody",
                "--regid=nogroup",
                "--clear-groups",
                "env",
                "-i",
                program,
                "/nobody",
                "true");
        assertEquals(69, plugin.exitStatus(), plugin.output());
        assertEquals("", plugin.output());
    }

    /** Agent 2 refuses to start where the program is missing, and the configuration outlives the program. */
    private void removalSwitchesThePluginOfAgent2OffAndAnUpgradeDoesNot() throws Exception {
        Path file = machine.path(PLUGIN_CONFIGURATION);
        String delivered = Files.readString(file);
        String enabled = delivered.replace("#Plugins.Ping.System.Path=", "Plugins.Ping.System.Path=");
        Files.writeString(file, enabled);
        String package1 = "/tmp/" + Packages.deb().getFileName();
        machine.check("dpkg", "-i", "--force-downgrade", package1);
        assertEquals(enabled, Files.readString(file));
        String said = machine.check("dpkg", "-r", "ping-agent");
        assertTrue(said.contains(PLUGIN_CONFIGURATION + ": put a # before Plugins.Ping.System.Path"), said);
        assertEquals(delivered, Files.readString(file));

        // A program of the user's own is none of the package's business.
        String own = delivered + "Plugins.Ping.System.Path=/opt/ping-agent/bin/zabbix-agent2-plugin\n";
        Files.writeString(file, own);
        machine.check("dpkg", "-i", package1);
        said = machine.check("dpkg", "-r", "ping-agent");
        assertFalse(said.contains(PLUGIN_CONFIGURATION), said);
        assertEquals(own, Files.readString(file));
    }

    /** The same package with a higher version. */
    private void anEditedConfigurationOutlivesAnUpgrade() throws Exception {
        Path package1 =
                machine.path("/tmp").resolve(Packages.deb().getFileName().toString());
        assertTrue(Files.exists(package1));
        machine.sh("cd /var/tmp && dpkg-deb -R /tmp/" + package1.getFileName() + " next"
                + " && sed -i 's/^Version: .*/Version: 99.0-1/' next/DEBIAN/control"
                + " && echo >>next/usr/share/doc/ping-agent/README.md"
                + " && dpkg-deb -Znone -b next next.deb >/dev/null");
        machine.check("dpkg", "-i", "/var/tmp/next.deb");
        machine.sh("rm -r /var/tmp/next /var/tmp/next.deb");
        assertEquals("99.0-1", machine.check("dpkg-query", "-W", "-f", "${Version}", "ping-agent"));
        assertTrue(Files.readString(machine.path(CONFIGURATION)).contains("# edited"));
        assertEquals("640 root:ping-agent", stat(CONFIGURATION));
        assertTrue(machine.check("/usr/bin/ping-agent", "check-config").contains("probe1"));
        assertTrue(Files.exists(machine.path("/var/cache/ping-agent/classes.jsa")));
    }
}
