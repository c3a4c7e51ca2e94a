package io.pingagent.templates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Keeps the template files of later versions equal to what comes of those of 6.0. Run with {@code
 * -Dpingagent.regenerate=true} to write them.
 */
class TemplateEditionTest {

    static Stream<Path> laterFiles() {
        return TemplateFile.VERSIONS.stream().skip(1).flatMap(TemplateFile::ofVersion);
    }

    @ParameterizedTest
    @MethodSource("laterFiles")
    void laterFilesComeOfThoseOfTheFirst(Path file) throws IOException {
        String version = file.getParent().getFileName().toString();
        String expected = TemplateYaml.write(
                TemplateEdition.export(version, file.getFileName().toString()));
        if (Boolean.getBoolean("pingagent.regenerate")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, expected);
        }
        assertEquals(
                expected,
                Files.readString(file),
                "run: mvn -Dtest=TemplateEditionTest -Dpingagent.regenerate=true test");
    }

    /** An import of a later file updates what an earlier one made. */
    @ParameterizedTest
    @MethodSource("laterFiles")
    void noIdentifierIsLost(Path file) {
        Path first = TemplateFile.path(
                TemplateFile.VERSIONS.get(0), file.getFileName().toString());
        assertTrue(identifiers(TemplateFile.read(file).export())
                .collect(Collectors.toSet())
                .containsAll(identifiers(TemplateFile.read(first).export()).toList()));
    }

    private static Stream<String> identifiers(Object node) {
        if (node instanceof Map<?, ?> entries) {
            return entries.entrySet().stream()
                    .flatMap(entry -> entry.getKey().equals("uuid")
                            ? Stream.of((String) entry.getValue())
                            : identifiers(entry.getValue()));
        }
        return node instanceof List<?> rows ? rows.stream().flatMap(TemplateEditionTest::identifiers) : Stream.of();
    }

    /** An addition whose identifier is mistyped would be a thing of its own. */
    @Test
    void mergesRowsOfTheSameIdentifierAndPutsNewOnesBehindTheOneBefore() {
        Map<String, Object> base = Map.of(
                "items", List.of(Map.of("uuid", "1", "name", "one", "history", "7d"), Map.of("uuid", "2")),
                "macros", List.of(Map.of("macro", "{$A}", "value", "1")),
                "pages", List.of(Map.of("name", "Agent", "widgets", List.of("old"))));
        Map<String, Object> addition = Map.of(
                "items", List.of(Map.of("uuid", "3"), Map.of("uuid", "1", "history", "31d"), Map.of("uuid", "4")),
                "macros", List.of(Map.of("macro", "{$A}", "config", Map.of("type", "TEXT"))),
                "pages", List.of(Map.of("name", "Overview"), Map.of("name", "Agent", "widgets", List.of("new"))));
        assertEquals(
                Map.of(
                        "items",
                        List.of(
                                Map.of("uuid", "3"),
                                Map.of("uuid", "1", "name", "one", "history", "31d"),
                                Map.of("uuid", "4"),
                                Map.of("uuid", "2")),
                        "macros",
                        List.of(Map.of("macro", "{$A}", "value", "1", "config", Map.of("type", "TEXT"))),
                        "pages",
                        List.of(Map.of("name", "Overview"), Map.of("name", "Agent", "widgets", List.of("new")))),
                TemplateMerge.merge(base, addition));
    }

    @Test
    void writesEveryValueSoThatItIsReadAsAText() throws IOException {
        Map<String, Object> export = Map.of(
                "texts", List.of("1", "0.15", "YES", "no", "", "{#IP}", "a: b", "line one\nline two", "*", "# no"));
        Path file = Files.createTempFile("template", ".yaml");
        try {
            Files.writeString(file, TemplateYaml.write(export));
            assertEquals(export, TemplateFile.read(file).export());
            assertTrue(Set.copyOf(Files.readAllLines(file)).contains("    - 'YES'"));
        } finally {
            Files.delete(file);
        }
    }
}
