package io.pingagent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.testkit.Command;
import io.pingagent.testkit.Requires;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The directory that the packages will install, started as a person would. */
@Order(1)
class DistributionIT {

    private static final Path BUILT = Path.of(System.getProperty("pingagent.dist", "target/ping-agent"));

    /** Measured: 9 or 10, which are 0.65 s, of a build; the class archive of the packages makes fewer of them. */
    private static final int MOST_JAVA_STARTS = 16;

    private static final Pattern TIMES = Pattern.compile("(\\d+)m([\\d.]+)s");

    @TempDir
    private static Path temporary;

    private static Path home;

    @BeforeAll
    static void copyToADirectoryWithSpaces() throws IOException {
        home = temporary.resolve("two words");
        try (Stream<Path> files = Files.walk(BUILT)) {
            for (Path file : files.toList()) {
                Files.copy(file, home.resolve(BUILT.relativize(file).toString()));
            }
        }
    }

    private record Outcome(int status, String out, String err) {}

    private static Outcome start(Path program, String javaHome, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        File out = temporary.resolve("out").toFile();
        File err = temporary.resolve("err").toFile();
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(new File("/"))
                .redirectOutput(out)
                .redirectError(err);
        builder.environment().put("JAVA_HOME", javaHome);
        builder.environment().put("PING_AGENT_JAVA_OPTS", "-Dfirst=1 -Dsecond=2");
        // Would mislead a careless cd.
        builder.environment().put("CDPATH", "/usr:/tmp");
        Process process = builder.start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return new Outcome(process.exitValue(), Files.readString(out.toPath()), Files.readString(err.toPath()));
    }

    private static Path program() {
        return home.resolve("bin/ping-agent");
    }

    @Test
    void startsThroughLinksFromADirectoryWithSpaces() throws Exception {
        Path direct = Files.createSymbolicLink(temporary.resolve("direct link"), program());
        Path relative = Files.createSymbolicLink(temporary.resolve("link"), Path.of("direct link"));
        for (Path path : List.of(program(), direct, relative)) {
            Outcome version = start(path, System.getProperty("java.home"), "--version");
            assertEquals(0, version.status, version.err);
            assertTrue(version.out.startsWith("ping-agent "), version.out);
            assertEquals("", version.err);
        }
    }

    /** An empty JAVA_HOME counts as none. */
    @Test
    void withoutJavaHomeThePathDecides() throws Exception {
        Outcome version = start(program(), "", "--version");
        assertEquals(0, version.status, version.err);
    }

    @Test
    void aWrongJavaHomeIsBlamedInOneLine() throws Exception {
        Outcome outcome = start(program(), "/nonexistent", "--version");
        assertEquals(69, outcome.status);
        assertEquals("ping-agent: no Java at '/nonexistent/bin/java'; correct or unset JAVA_HOME\n", outcome.err);
        assertEquals("", outcome.out);
    }

    @Test
    void onlyCommandsThatGoOnHaveTheOptimizingCompiler() throws Exception {
        String javaHome = javaThatPrintsItsArguments();
        for (List<String> brief : List.of(
                List.of("--help"),
                List.of("status"),
                List.of("run", "--help"),
                List.of("job", "add", "run"),
                List.of("--config", "run", "status"),
                List.of("ping", "-c", "1", "192.0.2.1"))) {
            String out = start(program(), javaHome, brief.toArray(String[]::new)).out;
            assertTrue(out.contains("[-XX:TieredStopAtLevel=1]"), brief + ": " + out);
        }
        for (List<String> lasting :
                List.of(List.of("run"), List.of("--config", "some file", "run"), List.of("demo", "--duration", "5s"))) {
            String out = start(program(), javaHome, lasting.toArray(String[]::new)).out;
            assertFalse(out.contains("TieredStopAtLevel"), lasting + ": " + out);
        }
    }

    @Test
    void argumentsAndOptionsArriveAsTheyAre() throws Exception {
        String out = start(program(), javaThatPrintsItsArguments(), "--config", "a b", "", "*").out;
        assertTrue(out.contains("[-Dfirst=1][-Dsecond=2]"), out);
        assertTrue(out.endsWith("[-jar][" + home.toRealPath() + "/lib/ping-agent.jar][--config][a b][][*]"), out);
    }

    /** Java would make U+FFFD of every other byte of an argument, and two groups one. */
    @Test
    void theLocaleIsUtf8() throws Exception {
        String javaHome = fakeJava("java that prints its locale", "printf '[%s]' \"${LC_ALL-}\" \"${LANG-}\"");
        for (String locale : List.of("LC_ALL=C", "LANG=POSIX", "LANG=xx_XX.UTF-8")) {
            List<String> command = List.of(
                    "env",
                    "-i",
                    "PATH=" + System.getenv("PATH"),
                    "JAVA_HOME=" + javaHome,
                    locale,
                    program().toString());
            assertTrue(Command.check(command.toArray(String[]::new)).startsWith("[C.UTF-8]["), locale);
        }
        assertEquals(
                "[][C.UTF-8]",
                Command.check(
                        "env",
                        "-i",
                        "PATH=" + System.getenv("PATH"),
                        "JAVA_HOME=" + javaHome,
                        "LANG=C.UTF-8",
                        program().toString()));
    }

    /** Zabbix gives its test of an option one second. Counted in starts of Java alone, so that no machine is too slow. */
    @Tag("root")
    @Test
    void aPingStartsInTheTimeThatZabbixGivesIt() throws IOException {
        Requires.rawSockets();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String ping = program().toString();
        double javaSeconds = Double.MAX_VALUE;
        double pingSeconds = Double.MAX_VALUE;
        // The best of some: others may have had the caches.
        for (int i = 0; i < 5; i++) {
            javaSeconds =
                    Math.min(javaSeconds, processorSeconds(java, "-Xshare:off", "-XX:TieredStopAtLevel=1", "-version"));
            pingSeconds = Math.min(pingSeconds, processorSeconds(ping, "ping", "-c1", "-t50", "127.0.0.1"));
        }
        assertTrue(pingSeconds < MOST_JAVA_STARTS * javaSeconds, pingSeconds + " s, Java alone " + javaSeconds + " s");
    }

    /** Of a command that succeeds. */
    private static double processorSeconds(String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of("sh", "-ec", "\"$@\" >/dev/null 2>&1; times", "sh"));
        words.addAll(List.of(command));
        // The second line is of the children: 0m0.51s 0m0.08s
        Matcher times = TIMES.matcher(
                Command.check(words.toArray(String[]::new)).lines().toList().get(1));
        double seconds = 0;
        while (times.find()) {
            seconds += 60 * Integer.parseInt(times.group(1)) + Double.parseDouble(times.group(2));
        }
        return seconds;
    }

    private static String javaThatPrintsItsArguments() throws IOException {
        return fakeJava("java home", "printf '[%s]' \"$@\"");
    }

    private static String fakeJava(String name, String script) throws IOException {
        Path bin = Files.createDirectories(temporary.resolve(name + "/bin"));
        Path java = bin.resolve("java");
        if (!Files.exists(java)) {
            Files.writeString(java, "#!/bin/sh\n" + script + "\n", StandardCharsets.UTF_8);
            Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return bin.getParent().toString();
    }

    @Test
    void theClassPathIsWhatLiesThere() throws IOException {
        Set<String> present;
        try (Stream<Path> files = Files.list(home.resolve("lib"))) {
            present = files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".jar") && !name.equals("ping-agent.jar"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        try (JarFile jar = new JarFile(home.resolve("lib/ping-agent.jar").toFile())) {
            String classPath = jar.getManifest().getMainAttributes().getValue("Class-Path");
            assertEquals(present, new TreeSet<>(List.of(classPath.split(" ", -1))));
        }
    }

    @Test
    void theEmbeddedRedisComesForLinuxAlone() throws IOException {
        Path library;
        try (Stream<Path> files = Files.list(home.resolve("lib"))) {
            library = files.filter(file -> file.getFileName().toString().startsWith("embedded-redis-"))
                    .findFirst()
                    .orElseThrow();
        }
        try (JarFile jar = new JarFile(library.toFile())) {
            Set<String> servers = jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith("redis-server-"))
                    .map(name -> name.substring(name.indexOf("linux")))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(Set.of("linux-amd64", "linux-arm64"), servers);
        }
    }
}
