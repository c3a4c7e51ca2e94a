package io.pingagent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import io.pingagent.OwnershipFixtures.AllowedCalls;
import io.pingagent.OwnershipFixtures.AnyThreadCall;
import io.pingagent.OwnershipFixtures.AnyThreadStaticCall;
import io.pingagent.OwnershipFixtures.Behind;
import io.pingagent.OwnershipFixtures.CallBehindPort;
import io.pingagent.OwnershipFixtures.CallByHelpers;
import io.pingagent.OwnershipFixtures.CallOfInheritedOwner;
import io.pingagent.OwnershipFixtures.CallThroughCaller;
import io.pingagent.OwnershipFixtures.Contradiction;
import io.pingagent.OwnershipFixtures.DirectCall;
import io.pingagent.OwnershipFixtures.Helper;
import io.pingagent.OwnershipFixtures.InheritedOwner;
import io.pingagent.OwnershipFixtures.NestedCall;
import io.pingagent.OwnershipFixtures.OwnedField;
import io.pingagent.OwnershipFixtures.OwnedPort;
import io.pingagent.OwnershipFixtures.Port;
import io.pingagent.OwnershipFixtures.Shared;
import io.pingagent.OwnershipFixtures.Window;
import io.pingagent.OwnershipFixtures.Write;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No thread of ours touches what belongs to another one, as far as annotations and call graph can show it. */
@AnalyzeClasses(packages = "io.pingagent", importOptions = ImportOption.DoNotIncludeTests.class)
class OwnershipTest {

    /** All threads of the agent that own anything. A mistyped name would be an owner that nobody meets. */
    private static final Set<String> OWNERS = Set.of(
            Ownership.ANY,
            Ownership.CALLER,
            Ownership.MAKER,
            "ping-control",
            "ping-dns",
            "ping-expiry",
            "ping-housekeeping",
            "ping-import",
            "ping-path",
            "ping-path-redis",
            "ping-recv",
            "ping-redis",
            "ping-reload",
            "ping-send",
            "ping-watchdog",
            "ping-zabbix",
            "ping-zabbix-host",
            "ping-zabbix-send");

    private static final Path SOURCES = Path.of("src/main/java/io/pingagent");

    /** What the annotations say. Lower case as in "Stateless, any thread" is not meant. */
    private static final Pattern SAID_IN_WORDS =
            Pattern.compile("[Oo]wned by (\\{@code )?ping-|[Oo]wned by the thread|Any thread[.;,]|One thread[.;,]");

    @ArchTest
    static void noThreadTouchesWhatBelongsToAnother(JavaClasses all) {
        List<String> trespasses = new Ownership(all).trespasses();
        assertEquals("", String.join("\n", trespasses), trespasses.size() + " calls and writes");
    }

    @ArchTest
    static void whatOverridesBelongsToTheSameThread(JavaClasses all) {
        assertEquals(List.of(), new Ownership(all).contradictions());
    }

    @ArchTest
    static void onlyThreadsOfOursOwnAnything(JavaClasses all) {
        Set<String> owners = new Ownership(all).owners();
        assertTrue(owners.containsAll(Set.of("ping-send", "ping-recv", Ownership.ANY)), owners.toString());
        owners.removeAll(OWNERS);
        assertEquals(Set.of(), owners);
    }

    @Test
    void ownersAreAnnotatedAndNotSaidInWords() throws IOException {
        Set<String> places = new TreeSet<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                String text = Files.readString(file).replaceAll("\\s*\\R\\s*(\\*|//)?\\s*", " ");
                Matcher words = SAID_IN_WORDS.matcher(text);
                if (words.find()) {
                    places.add(SOURCES.relativize(file) + ": " + words.group());
                }
            }
        }
        assertEquals(Set.of(), places);
    }

    // -- each rule fails when it is broken --

    @Test
    void allowedCallsAreFollowedWithoutATrespass() {
        assertEquals(List.of(), trespasses(AllowedCalls.class, Helper.class, Shared.class));
    }

    @Test
    void aCallIntoWhatAnotherThreadOwnsIsFound() {
        assertTrespass("ping-send: DirectCall.call calls Window.add of ping-recv", DirectCall.class);
    }

    @Test
    void aCallFromAnyThreadIntoWhatOneOwnsIsFound() {
        assertTrespass("any thread: AnyThreadCall.call calls Window.add of ping-recv", AnyThreadCall.class);
    }

    @Test
    void aStaticCallFromAnyThreadIntoWhatOneOwnsIsFound() {
        assertTrespass("any thread: AnyThreadStaticCall.call calls Window.add of ping-recv", AnyThreadStaticCall.class);
    }

    @Test
    void aNestedClassBelongsToTheOwnerOfItsOuterClass() {
        assertTrespass("ping-send: NestedCall.call calls Window$Part.grow of ping-recv", NestedCall.class);
    }

    @Test
    void theWayThroughMethodsWithoutOwnerIsFollowed() {
        assertTrespass(
                "ping-send: CallByHelpers.call > Helper.first > Helper.second calls Window.add of ping-recv",
                CallByHelpers.class,
                Helper.class);
    }

    @Test
    void theWayThroughACallersMethodIsFollowed() {
        assertTrespass(
                "ping-send: CallThroughCaller.call > Shared.through calls Window.add of ping-recv",
                CallThroughCaller.class,
                Shared.class);
    }

    @Test
    void theWayThroughAPortIsFollowed() {
        assertTrespass(
                "ping-send: CallBehindPort.call calls Behind.event of ping-recv",
                CallBehindPort.class,
                Port.class,
                Behind.class);
    }

    @Test
    void aWriteToAFieldOfAnOwnedClassIsFound() {
        assertTrespass("ping-send: Write.write writes Window.size of ping-recv", Write.class);
    }

    @Test
    void aWriteToAnOwnedVolatileFieldIsFound() {
        assertTrespass("any thread: OwnedField.write writes OwnedField.cycles of ping-recv", OwnedField.class);
    }

    @Test
    void theOwnerOfAPortsMethodIsInherited() {
        assertTrespass(
                "ping-send: CallOfInheritedOwner.call calls InheritedOwner.event of ping-recv",
                CallOfInheritedOwner.class,
                InheritedOwner.class,
                OwnedPort.class);
    }

    @Test
    void anotherOwnerThanThatOfThePortIsFound() {
        assertEquals(
                List.of("Contradiction.event of ping-send overrides OwnedPort.event of ping-recv"),
                of(Contradiction.class, OwnedPort.class).contradictions().stream()
                        .map(line -> line.replace("OwnershipFixtures$", ""))
                        .toList());
    }

    private static void assertTrespass(String expected, Class<?>... types) {
        assertEquals(List.of(expected), trespasses(types));
    }

    private static List<String> trespasses(Class<?>... types) {
        return of(types).trespasses().stream()
                .map(line -> line.replace("OwnershipFixtures$", "").replaceFirst(" in line \\d+$", ""))
                .toList();
    }

    private static Ownership of(Class<?>... types) {
        List<Class<?>> all = Stream.concat(
                        Stream.of(types), Stream.of(Window.class, Window.Part.class, Window.Value.class))
                .toList();
        return new Ownership(new ClassFileImporter().importClasses(all));
    }
}
