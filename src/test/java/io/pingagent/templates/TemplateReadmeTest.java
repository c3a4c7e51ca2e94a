package io.pingagent.templates;

import static io.pingagent.templates.TemplateFile.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Keeps the READMEs of the templates equal to their source and to the YAML. Run with {@code -Dpingagent.regenerate=true} to
 * write them.
 */
class TemplateReadmeTest {

    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]*)(#[^)]*)?\\)");

    static Stream<String> versions() {
        return TemplateFile.VERSIONS.stream();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void theReadmeIsThatOfTheTemplates(String version) throws IOException {
        String expected = TemplateReadme.text(version);
        Path readme = TemplateReadme.path(version);
        if (Boolean.getBoolean("pingagent.regenerate")) {
            Files.writeString(readme, expected);
        }
        assertEquals(
                expected, Files.readString(readme), "run: mvn -Dtest='Template*Test' -Dpingagent.regenerate=true test");
        assertFalse(expected.contains("<!--") || expected.contains("${"), "a mark that nothing replaced");
    }

    @ParameterizedTest
    @MethodSource("versions")
    void theReadmeHasAChapterOfEveryTemplate(String version) throws IOException {
        List<String> lines = Files.readAllLines(TemplateReadme.path(version));
        assertTrue(lines.containsAll(List.of("## Requirements", "## Tested versions")));
        TemplateFile.ofVersion(version)
                .flatMap(path -> TemplateFile.read(path).templates().stream())
                .forEach(template -> assertTrue(lines.contains("# " + text(template, "name")), text(template, "name")));
    }

    @Test
    void everyLinkLeadsToAFile() throws IOException {
        List<Path> readmes = Stream.concat(
                        versions().map(TemplateReadme::path), Stream.of(TemplateFile.DIRECTORY.resolve("README.md")))
                .toList();
        for (Path readme : readmes) {
            Matcher link = LINK.matcher(Files.readString(readme));
            while (link.find()) {
                String target = link.group(1);
                assertTrue(
                        Files.exists(readme.resolveSibling(target)) || target.isEmpty(),
                        readme + " leads to " + target);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void everyItemIsInATable(String version) throws IOException {
        String readme = Files.readString(TemplateReadme.path(version));
        for (Map<String, Object> item : TemplateFile.ofVersion(version)
                .flatMap(path -> TemplateFile.read(path).allItems())
                .toList()) {
            assertTrue(readme.contains("`" + text(item, "key") + "`"), text(item, "key"));
        }
    }
}
