package io.pingagent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.testkit.MarkdownPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Architecture page, glossary and CONTRIBUTING name classes, packages and Zabbix items that exist. */
class DocumentedNamesTest {

    private static final Path SITE = Path.of("src/site/markdown");
    private static final Path SOURCES = Path.of("src/main/java/io/pingagent");
    private static final Path TEMPLATE = Path.of("zabbix-templates/7.0/ping-agent.yaml");

    private static final Pattern CLASS = Pattern.compile("[A-Z][a-z0-9]+[A-Z][A-Za-z0-9]*");
    private static final Pattern ITEM = Pattern.compile("ping\\.[a-z.]*[a-z]");
    private static final Pattern PACKAGE_ROW = Pattern.compile("\\| `([a-z0-9.]+)` \\| [^|]+ \\|");

    private static final Pattern PLACE = Pattern.compile("(?!src/)(?:[a-z0-9]+/)+[A-Z]\\w*");

    /** Fields of JSON look like classes, and tests are none of the sources. */
    private static final Set<String> NO_CLASSES =
            Set.of("SendCount", "ReturnCount", "ArchitectureTest", "OwnershipTest");

    @Test
    void everyClassExists() throws IOException {
        Set<String> classes;
        try (Stream<Path> files = Files.walk(SOURCES)) {
            classes = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.replace(".java", ""))
                    .collect(Collectors.toSet());
        }
        Set<String> named = new TreeSet<>();
        for (String page : List.of("architecture.md", "glossary.md")) {
            MarkdownPage.read(SITE.resolve(page)).codeInText().stream()
                    .filter(CLASS.asMatchPredicate())
                    .forEach(named::add);
        }
        assertTrue(named.size() > 20, "only " + named);
        named.removeAll(classes);
        named.removeAll(NO_CLASSES);
        assertEquals(Set.of(), named);
    }

    @Test
    void theMapHasEveryPackage() throws IOException {
        Set<String> named = MarkdownPage.read(SITE.resolve("architecture.md")).lines().stream()
                .map(PACKAGE_ROW::matcher)
                .filter(Matcher::matches)
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> existing;
        try (Stream<Path> files = Files.walk(SOURCES)) {
            existing = files.filter(file -> file.endsWith("package-info.java"))
                    .map(file -> SOURCES.relativize(file.getParent()).toString().replace('/', '.'))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        assertEquals(existing, named);
    }

    @Test
    void everyItemOfTheGlossaryIsInTheTemplate() throws IOException {
        String template = Files.readString(TEMPLATE);
        List<String> items = MarkdownPage.read(SITE.resolve("glossary.md")).codeInText().stream()
                .filter(ITEM.asMatchPredicate())
                .toList();
        assertTrue(items.size() > 5, "only " + items);
        assertEquals(
                List.of(),
                items.stream().filter(item -> !template.contains(item)).toList());
    }

    @Test
    void everyPlaceThatContributorsAreSentToExists() throws IOException {
        List<String> places = new ArrayList<>();
        for (String code : MarkdownPage.read(Path.of("CONTRIBUTING.md")).codeInText()) {
            if (PLACE.matcher(code).matches()) {
                places.add(code);
            }
        }
        assertTrue(places.size() > 15, "only " + places);
        places.removeIf(place -> Files.exists(SOURCES.resolve(place + ".java")));
        assertEquals(List.of(), places);
    }

    @Test
    void theMapOfContributorsHasEveryRoom() throws IOException {
        Set<String> missing = new TreeSet<>();
        List<String> named = MarkdownPage.read(Path.of("CONTRIBUTING.md")).codeInText();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            files.filter(file -> file.endsWith("package-info.java"))
                    .map(file -> SOURCES.relativize(file.getParent()).toString().replace('/', '.'))
                    .filter(room -> !named.contains(room))
                    .forEach(missing::add);
        }
        assertEquals(Set.of(), missing);
    }
}
