package io.pingagent.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.testkit.Command;
import io.pingagent.testkit.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the packages, and what Debian's and RPM's checkers say about it. */
@Order(1)
class PackageContentsIT {

    private static final long LARGEST_KIB = 25_000_000 / 1024;

    @TempDir
    private Path temporary;

    @Test
    void fourPackagesWithTheirChecksums() throws IOException {
        assertEquals(4, Packages.all().size(), Packages.all().toString());
        List<String> sums = Files.readAllLines(Packages.DIRECTORY.resolve("SHA256SUMS"));
        assertEquals(4, sums.size(), sums.toString());
        String checked =
                Command.check("sh", "-c", "cd \"$0\" && sha256sum -c SHA256SUMS", Packages.DIRECTORY.toString());
        assertEquals(4, checked.lines().filter(line -> line.endsWith(": OK")).count(), checked);
    }

    @Test
    void debIsSmallAndEveryFileHasTheTimeOfTheBuildAndBelongsToRoot() throws IOException {
        Requires.program("dpkg-deb", "dpkg");
        String deb = Packages.deb().toString();
        long kib = Long.parseLong(
                Command.check("dpkg-deb", "-f", deb, "Installed-Size").strip());
        assertTrue(kib < LARGEST_KIB, kib + " KiB");
        List<String> listing = Command.check("dpkg-deb", "-c", deb).lines().toList();
        Set<String> times = new TreeSet<>();
        Set<String> owners = new TreeSet<>();
        for (String line : listing) {
            List<String> words = Arrays.asList(line.split(" +", 6));
            owners.add(words.get(1));
            times.add(words.get(3) + " " + words.get(4));
        }
        assertEquals(Set.of("root/root"), owners);
        assertEquals(1, times.size(), times.toString());
        assertFalse(String.join("\n", listing).contains("embedded-redis"));
        assertTrue(Command.check("dpkg-deb", "-f", deb, "Depends").contains("java17-runtime-headless"));
        assertFalse(Command.check("dpkg-deb", "-f", deb, "Depends").matches("(?s).*(redis|zabbix).*"));
    }

    /** Or whoever tried a snapshot would be refused the release. */
    @Test
    void aSnapshotIsOlderThanItsReleaseToDebianAndToRpm() throws IOException {
        Requires.program("dpkg-deb", "dpkg");
        Requires.program("rpm", "rpm");
        String version = Command.check("dpkg-deb", "-f", Packages.deb().toString(), "Version")
                .strip();
        String rpmVersion = Command.check(
                "rpm", "-qp", "--qf", "%{VERSION}-%{RELEASE}", Packages.rpm().toString());
        assertEquals(version, rpmVersion);
        assertTrue(version.matches("\\d+\\.\\d+\\.\\d+(~\\d{14})?-\\d+"), version);
        String release = version.replaceFirst("~\\d+", "");
        Command.check("dpkg", "--compare-versions", version, version.equals(release) ? "eq" : "lt", release);
        String order = Command.check("rpm", "--eval", "%{lua:print(rpm.vercmp('" + version + "', '" + release + "'))}");
        assertEquals(version.equals(release) ? "0" : "-1", order.strip(), version);
    }

    /** Redis and the Zabbix agent may be those of another maker, or run elsewhere. */
    @Test
    void noServerComesAlongThatNobodyAskedFor() throws IOException {
        Requires.program("dpkg-deb", "dpkg");
        String[] fields = {"Depends", "Pre-Depends", "Recommends", "Suggests", "Enhances"};
        for (String field : fields) {
            String value = Command.check("dpkg-deb", "-f", Packages.deb().toString(), field);
            assertFalse(value.matches("(?s).*(redis-server|valkey|zabbix).*"), field + ": " + value);
        }
        Requires.program("rpm", "rpm");
        for (String query : List.of("--requires", "--recommends", "--suggests", "--supplements")) {
            String value = Command.check("rpm", "-qp", query, Packages.rpm().toString());
            assertFalse(value.matches("(?s).*(redis|valkey|zabbix).*"), query + ": " + value);
        }
    }

    @Test
    void theBillOfMaterialsNamesEveryJarOfThePackageAndNoOther() throws IOException {
        Requires.program("dpkg-deb", "dpkg");
        BillOfMaterials build = BillOfMaterials.ofTheBuild();
        Command.check("dpkg-deb", "-x", Packages.deb().toString(), temporary.toString());
        BillOfMaterials bill = BillOfMaterials.read(temporary.resolve("usr/share/ping-agent/ping-agent.cdx.json"));
        assertEquals(build, bill);
        assertEquals("CycloneDX", bill.document().get("bomFormat").getAsString());
        assertFalse(bill.document().has("serialNumber"), "a number that differs with each build");
        Set<String> named = bill.components().stream()
                .filter(component -> !component.optional())
                .map(component -> component.name() + '-' + component.version() + ".jar")
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> packed = new TreeSet<>();
        try (Stream<Path> files = Files.list(temporary.resolve("usr/lib/ping-agent"))) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".jar") && !name.equals("ping-agent.jar"))
                    .forEach(packed::add);
        }
        assertEquals(packed, named);
    }

    /** Both architectures differ in JNA's library and in nothing else. */
    @Test
    void theOtherArchitectureHasTheSameFiles() throws IOException {
        Requires.program("dpkg-deb", "dpkg");
        Set<String> sums = new TreeSet<>();
        for (Path file : Packages.all()) {
            if (file.toString().endsWith(".deb")) {
                Path control = temporary.resolve(file.getFileName());
                Command.check("dpkg-deb", "-e", file.toString(), control.toString());
                sums.add(Files.readAllLines(control.resolve("md5sums")).stream()
                        .filter(line -> !line.contains("libjnidispatch"))
                        .collect(Collectors.joining("\n")));
            }
        }
        assertEquals(1, sums.size());
    }

    @Test
    void lintianFindsNoErrorAndNoWarning() throws IOException {
        Requires.program("lintian", "lintian");
        Command lintian = Command.run(
                "lintian",
                "--no-cfg",
                "--allow-root",
                "--fail-on",
                "error,warning",
                Packages.deb().toString());
        assertEquals(0, lintian.exitStatus(), lintian.output());
    }

    @Test
    void rpmlintFindsNoErrorBesideThoseThatAreMeant() throws IOException {
        Requires.program("rpmlint", "rpmlint");
        Command rpmlint = Command.run(
                "rpmlint",
                "--rpmlintrc",
                "packaging/rpm/rpmlintrc",
                Packages.rpm().toString());
        assertFalse(rpmlint.output().contains(": E: "), rpmlint.output());
        assertTrue(rpmlint.output().contains(" 0 errors"), rpmlint.output());
    }

    @Test
    void completionsAreScriptsOfTheirShellsAndKnowTheCommands() throws IOException {
        Requires.program("dpkg-deb", "dpkg");
        Requires.program("bash", "bash");
        Requires.program("zsh", "zsh");
        Command.check("dpkg-deb", "-x", Packages.deb().toString(), temporary.toString());
        Path bash = temporary.resolve("usr/share/bash-completion/completions/ping-agent");
        String words = Command.check(
                "bash",
                "-c",
                ". \"$0\"; COMP_WORDS=(ping-agent err); COMP_CWORD=1; COMP_LINE='ping-agent err'; _complete_ping-agent 2>/dev/null;"
                        + " echo \"${COMPREPLY[@]}\"",
                bash.toString());
        assertEquals("err-list", words.strip());
        Path one = Files.createFile(temporary.resolve("sites one.txt"));
        for (String line : List.of("run --config", "ping -f", "ping --file", "group add g --file")) {
            String files = Command.check(
                    "bash",
                    "-c",
                    ". \"$0\"; COMP_WORDS=(ping-agent $1 \"$2\"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1));"
                            + " COMP_LINE=\"ping-agent $1 $2\"; _complete_ping-agent 2>/dev/null; echo \"${COMPREPLY[@]}\"",
                    bash.toString(),
                    line,
                    temporary.resolve("sites").toString());
            assertEquals(one.toString(), files.strip(), line);
        }
        Path zsh = temporary.resolve("usr/share/zsh/vendor-completions/_ping-agent");
        Command.check("zsh", "-n", zsh.toString());
        assertTrue(Files.readString(zsh).contains("_ping-agent_job_add"), "subcommands of subcommands");
    }
}
