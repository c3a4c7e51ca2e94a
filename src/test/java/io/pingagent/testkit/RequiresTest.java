package io.pingagent.testkit;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class RequiresTest {

    @Test
    void letsThePresentPass() {
        assertDoesNotThrow(() -> Requires.decide("anything", true, "nothing", true));
        assertTrue(Requires.hasProgram("sh"));
        assertFalse(Requires.hasProgram("no-such-program"));
    }

    @Test
    void failsWhereNothingMayBeSkipped() {
        AssertionError failure = assertThrows(
                AssertionError.class,
                () -> Requires.decide("widgets", false, "install the Debian package widget", true));
        assertTrue(failure.getMessage().contains("Debian package widget"));
    }

    @Test
    void skipsElsewhere() {
        TestAbortedException skipped = assertThrows(
                TestAbortedException.class,
                () -> Requires.decide("an example of a missing part", false, "nothing, this line is a test", false));
        assertTrue(skipped.getMessage().contains("nothing, this line is a test"));
    }

    /** They are in procps, which a bare Debian does not have; {@link SentSignals} and the shell's own do without. */
    @Test
    void noTestRunsProgramsThatEveryMachineSeemsToHave() throws IOException {
        Pattern procps = Pattern.compile("(run|check)\\(\\s*\"(kill|pkill|pgrep|ps|top|free|vmstat|sysctl|w|watch)\"");
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                assertFalse(procps.matcher(Files.readString(file)).find(), file.toString());
            }
        }
    }

    @Test
    void theTroubleshootingPageNamesEveryPackageWithoutWhichSomethingIsSkipped() throws IOException {
        // On every Debian, beside what the README asks for before it comes to this.
        Set<String> everywhere = Set.of("bash", "dpkg", "util-linux", "maven");
        String page = Files.readString(Path.of("src/site/markdown/troubleshooting.md"));
        String table = page.substring(page.indexOf("| package | without it |"), page.indexOf("With `CI=true`"));
        Pattern program = Pattern.compile("(?:Requires\\.| )program\\(\\s*\"[^\"]+\",\\s*\"([^\"]+)\"");
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            // What is run by hand, such as the making of screenshots, says itself what it needs.
            for (Path file : files.filter(path -> path.toString().endsWith(".java")
                            && !path.toString().endsWith("Screenshots.java"))
                    .toList()) {
                Matcher asked = program.matcher(Files.readString(file));
                while (asked.find()) {
                    for (String name : asked.group(1).split(" ", -1)) {
                        assertTrue(
                                everywhere.contains(name) || table.matches("(?s).*[`, ]" + name + "[`, ].*"),
                                name + " of " + file);
                    }
                }
            }
        }
    }
}
