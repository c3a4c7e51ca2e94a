package io.pingagent.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.testkit.NetworkNamespace;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The RPM: into an empty root for its files, and over this machine's for its scripts. */
@Order(1)
@Tag("root")
class RpmInstallIT {

    private static final String CONFIGURATION = "/etc/ping-agent/ping-agent.yaml";

    private static NetworkNamespace namespace;
    private static Sandbox machine;
    private static String rpm;

    @BeforeAll
    static void requires() throws Exception {
        Sandbox.required();
        Requires.program("rpm", "rpm");
        namespace = NetworkNamespace.create("rpm");
        machine = Sandbox.in(namespace);
        machine.run("dpkg", "-P", "ping-agent");
        rpm = machine.bring(Packages.rpm());
    }

    @AfterAll
    static void close() {
        if (machine != null) {
            machine.close();
        }
        if (namespace != null) {
            namespace.close();
        }
    }

    @Test
    void intoAnEmptyRootItPutsItsOwnFilesAndNoRights() throws Exception {
        machine.sh(
                "mkdir -p /mnt/empty/etc; echo root:x:0:0::/:/bin/sh >/mnt/empty/etc/passwd; echo root:x:0: >/mnt/empty/etc/group;"
                        + " rpm --root /mnt/empty --initdb; rpm --root /mnt/empty -i --nodeps --noscripts --ignorearch "
                        + rpm);
        Map<String, String> files = new LinkedHashMap<>();
        for (String line : machine.check(
                        "rpm",
                        "-qp",
                        "--qf",
                        "[%{FILENAMES} %{FILEMODES:perms} %{FILEUSERNAME}:%{FILEGROUPNAME} %{FILECAPS}\n]",
                        rpm)
                .lines()
                .toList()) {
            String[] words = line.split(" ", 2);
            if (words[0].startsWith("/")) {
                files.put(words[0], words[1]);
                assertTrue(Files.exists(machine.path("/mnt/empty" + words[0])), words[0]);
            }
        }
        assertEquals("-rw-r----- root:ping-agent (none)", files.get(CONFIGURATION));
        assertEquals("drwxr-x--- ping-agent:ping-agent (none)", files.get("/var/lib/ping-agent"));
        assertEquals("-rwxr-xr-x root:root (none)", files.get("/usr/bin/ping-agent"));
        assertEquals("-rwxr-xr-x root:root (none)", files.get("/usr/lib/ping-agent/zabbix-agent2-plugin"));
        assertEquals("-rw-r--r-- root:root (none)", files.get("/usr/lib/ping-agent/native/libjnidispatch.so"));
        assertEquals("-rw-r--r-- root:root (none)", files.get("/usr/lib/systemd/system/ping-agent@.service"));
        for (String expected : List.of(
                "/etc/sysconfig/ping-agent",
                "/etc/zabbix/zabbix_agentd.d/ping-agent.conf",
                "/etc/zabbix/zabbix_agent2.d/ping-agent.conf",
                "/etc/zabbix/zabbix_agent2.d/plugins.d/ping-agent.conf",
                "/usr/lib/ping-agent/ping-agent.jar",
                "/usr/lib/sysctl.d/10-ping-agent.conf",
                "/usr/lib/sysusers.d/ping-agent.conf",
                "/usr/lib/tmpfiles.d/ping-agent.conf",
                "/usr/share/bash-completion/completions/ping-agent",
                "/usr/share/licenses/ping-agent/LICENSE",
                "/usr/share/man/man1/ping-agent.1.gz",
                "/usr/share/man/man5/ping-agent.yaml.5.gz",
                "/usr/share/zabbix-ping-agent/templates/6.0/ping-agent.yaml",
                "/usr/share/zabbix-ping-agent/templates/7.0/ping-agent-icmp.yaml",
                "/usr/share/zabbix-ping-agent/templates/7.4/ping-agent-agent2.yaml",
                "/usr/share/zsh/site-functions/_ping-agent")) {
            assertTrue(files.containsKey(expected), expected);
        }
        files.forEach((file, rights) -> {
            assertTrue(rights.endsWith(" (none)"), "capabilities of " + file + ": " + rights);
            assertFalse(rights.substring(0, 10).matches(".*[sStT].*"), file + ": " + rights);
            assertFalse(rights.charAt(8) == 'w', "anybody may write " + file);
            assertFalse(file.contains("embedded-redis"), file);
        });
        String sizes = machine.check("rpm", "-qp", "--qf", "%{SIZE}", rpm);
        assertTrue(Long.parseLong(sizes.lines().reduce((first, last) -> last).orElse("")) < 25_000_000, sizes);
    }

    @Test
    void itsScriptsMakeTheUserKeepTheConfigurationAndTidyUp() throws Exception {
        String requires = machine.check("rpm", "-qp", "--requires", rpm);
        assertTrue(requires.contains("java-headless >= 1:17"), requires);
        assertFalse(requires.contains("redis") || requires.contains("zabbix"), requires);

        Set<String> before = files();
        machine.check("rpm", "-i", "--nodeps", rpm);
        assertEquals("640 root:ping-agent", stat(CONFIGURATION));
        assertEquals("750 ping-agent:ping-agent", stat("/var/lib/ping-agent"));
        assertEquals("644 root:root", stat("/var/cache/ping-agent/classes.jsa"));
        assertEquals("644 root:root", stat("/var/cache/ping-agent/agent2.jsa"));
        assertEquals(
                "", machine.run("rpm", "-V", "--nodeps", "ping-agent").output().replaceAll("(?m)^rpm: .*\n?", ""));
        assertTrue(machine.check("/usr/bin/ping-agent", "--version").startsWith("ping-agent "));

        Path configuration = machine.path(CONFIGURATION);
        Files.writeString(configuration, "# edited\n", StandardOpenOption.APPEND);
        machine.check("rpm", "-U", "--force", "--nodeps", rpm);
        assertTrue(Files.readString(configuration).contains("# edited"));
        assertEquals("640 root:ping-agent", stat(CONFIGURATION));
        assertTrue(Files.exists(machine.path("/var/cache/ping-agent/classes.jsa")));

        machine.check("rpm", "-e", "ping-agent");
        Set<String> left = files();
        left.removeAll(before);
        assertEquals(Set.of("/etc/ping-agent", "/etc/ping-agent/ping-agent.yaml.rpmsave"), left);
    }

    /** What bears our name; something of this host's may. */
    private static Set<String> files() throws Exception {
        return machine.sh("find /etc /usr /var/lib /var/cache -xdev -path '*ping-agent*' ! -path '/var/lib/dpkg/*'"
                        + " ! -path '*/man/*' 2>/dev/null || true")
                .lines()
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String stat(String file) throws Exception {
        return machine.check("stat", "-c", "%a %U:%G", file).strip();
    }
}
