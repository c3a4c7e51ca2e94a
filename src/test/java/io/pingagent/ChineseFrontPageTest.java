package io.pingagent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.pingagent.testkit.MarkdownPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The Chinese front page has the structure, the commands, the examples and the links of the English one. */
class ChineseFrontPageTest {

    private static final Path ENGLISH = Path.of("README.md");
    private static final Path CHINESE = Path.of("src/site/markdown/README.zh.md");

    private final MarkdownPage english;
    private final MarkdownPage chinese;

    ChineseFrontPageTest() throws IOException {
        english = MarkdownPage.read(ENGLISH);
        chinese = MarkdownPage.read(CHINESE);
    }

    @Test
    void commandsAndExamplesAreTheSame() {
        for (String language : List.of("sh", "yaml", "text")) {
            List<String> expected = withoutComments(english.blocks(language));
            assertEquals(expected, withoutComments(chinese.blocks(language)), language);
            assertFalse(expected.isEmpty(), language);
        }
    }

    /** Comments are translated. */
    private static List<String> withoutComments(List<String> blocks) {
        return blocks.stream()
                .map(block -> block.replaceAll("(?m)\\s+# .*$", ""))
                .toList();
    }

    @Test
    void codeInTheTextIsTheSame() {
        assertEquals(english.codeInText(), chinese.codeInText());
    }

    @Test
    void linksLeadToTheSamePages() {
        assertEquals(linksWithout(english, CHINESE), linksWithout(chinese, ENGLISH));
    }

    /** All links in their order, as paths in the repository, without the one to the other language. */
    private static List<String> linksWithout(MarkdownPage page, Path otherLanguage) {
        return page.links().stream()
                .map(link -> inRepository(page, link.text()))
                .filter(target -> !target.equals(otherLanguage.toString()))
                .toList();
    }

    private static String inRepository(MarkdownPage page, String target) {
        String[] parts = target.split("#", 2);
        String anchor = parts.length == 1 ? "" : "#" + parts[1];
        return parts[0].isEmpty()
                ? anchor
                : Path.of("").resolve(page.path()).resolveSibling(parts[0]).normalize() + anchor;
    }

    @Test
    void headingsAndTablesAreTheSame() {
        assertEquals(english.headingLevels(), chinese.headingLevels());
        assertEquals(tableCells(english), tableCells(chinese));
    }

    /** The number of cells of each row. */
    private static List<Long> tableCells(MarkdownPage page) {
        return IntStream.range(0, page.lines().size())
                .filter(page::isTableRow)
                .mapToObj(index -> page.lines()
                        .get(index)
                        .chars()
                        .filter(character -> character == '|')
                        .count())
                .toList();
    }

    @Test
    void eachLinksToTheOtherInItsFirstLines() {
        assertEquals(Set.of(CHINESE.toString()), firstLinks(english));
        assertEquals(Set.of(ENGLISH.toString()), firstLinks(chinese));
    }

    private static Set<String> firstLinks(MarkdownPage page) {
        return page.links().stream()
                .filter(link -> link.line() <= 4)
                .map(link -> inRepository(page, link.text()))
                .collect(Collectors.toSet());
    }
}
