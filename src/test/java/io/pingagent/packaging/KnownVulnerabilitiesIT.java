package io.pingagent.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.testkit.Command;
import io.pingagent.testkit.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The list of libraries with known vulnerabilities stops a build, and names all libraries that the program runs with. */
@Order(1)
class KnownVulnerabilitiesIT {

    private static final Path LIST = Path.of("src/build/known-vulnerabilities.xml");
    private static final Pattern LIBRARY =
            Pattern.compile("^ {4}([\\w.-]+:[\\w.-]+)|<exclude>([\\w.-]+:[\\w.*-]+)", Pattern.MULTILINE);

    @TempDir
    private Path directory;

    @Test
    void anOldLibraryStopsTheBuildWithTheNumberOfItsVulnerability() throws IOException {
        Requires.program("mvn", "maven");
        String list = Files.readString(LIST);
        Path stricter = directory.resolve("stricter.xml");
        Files.writeString(stricter, list.replace("gson:(,2.8.9)", "gson:(,999)"));
        Command stopped = validate(stricter);
        assertEquals(1, stopped.exitStatus(), stopped.output());
        assertTrue(stopped.output().contains("CVE-2022-25647: fixed in 2.8.9"), stopped.output());
        assertTrue(stopped.output().contains("com.google.code.gson:gson:"), stopped.output());
        Command passed = validate(LIST.toAbsolutePath());
        assertEquals(0, passed.exitStatus(), passed.output());
    }

    private static Command validate(Path list) throws IOException {
        List<String> words = new ArrayList<>(List.of("mvn", "-o", "-B", "-q", "-Dknown-vulnerabilities.file=" + list));
        String repository = System.getProperty("pingagent.repository", "");
        if (!repository.isEmpty()) {
            words.add("-Dmaven.repo.local=" + repository);
        }
        words.add("validate");
        return Command.run(words.toArray(String[]::new));
    }

    @Test
    void everyEntryNamesItsVulnerabilities() throws IOException {
        String[] entries = Files.readString(LIST).split("<bannedDependencies>", -1);
        assertTrue(entries.length > 10);
        for (int i = 1; i < entries.length; i++) {
            assertTrue(entries[i].strip().matches("(?s)<message>CVE-\\d{4}-\\d+.*"), entries[i]);
        }
    }

    @Test
    void somebodyLookedUpEveryLibraryOfTheProgram() throws IOException {
        List<Pattern> looked = new ArrayList<>();
        Matcher matcher = LIBRARY.matcher(Files.readString(LIST));
        while (matcher.find()) {
            String name = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
            looked.add(Pattern.compile(name.replace(".", "\\.").replace("*", ".*")));
        }
        List<BillOfMaterials.Component> libraries = BillOfMaterials.ofTheBuild().components();
        assertFalse(libraries.isEmpty());
        for (BillOfMaterials.Component library : libraries) {
            String name = library.group() + ':' + library.name();
            assertTrue(
                    looked.stream().anyMatch(pattern -> pattern.matcher(name).matches()),
                    "look up " + name + " at https://osv.dev, then add it to " + LIST);
        }
    }
}
