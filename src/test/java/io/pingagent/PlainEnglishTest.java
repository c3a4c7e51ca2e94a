package io.pingagent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.testkit.MarkdownPage;
import io.pingagent.testkit.MarkdownPage.Piece;
import io.pingagent.testkit.Prose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Documents are plain English: short sentences, the field's words, lines that fit, links that lead somewhere. */
class PlainEnglishTest {

    private static final int MAX_COLUMNS = 160;
    private static final int MAX_LINES_OF_README = 200;

    /** Not in the pages of the site, but documents too. */
    private static final List<Path> BESIDE_THE_SITE = List.of(
            Path.of("zabbix-templates/README.md"),
            Path.of("zabbix-templates/6.0/README.md"),
            Path.of("zabbix-templates/7.0/README.md"),
            Path.of("zabbix-templates/7.4/README.md"),
            Path.of("userparameters/README.md"));

    /** Pages whose text is not plain yet. */
    private static final Set<Path> NOT_YET_PLAIN = Set.of(Path.of("src/site/markdown/configuration.md"));

    private static List<MarkdownPage> pages() throws IOException {
        List<MarkdownPage> pages = new ArrayList<>(MarkdownPage.frontPageAndSite());
        for (Path path : BESIDE_THE_SITE) {
            pages.add(MarkdownPage.read(path));
        }
        return pages;
    }

    @Test
    void everySentenceIsShortAndInTheFieldsWords() throws IOException {
        List<String> faults = new ArrayList<>();
        int sentences = 0;
        for (MarkdownPage page : pages()) {
            if (isEnglish(page) && !NOT_YET_PLAIN.contains(page.path())) {
                for (Piece piece : page.prose()) {
                    sentences += Prose.sentences(piece.text(), piece.line()).size();
                    faults.addAll(Prose.faults(page.path().toString(), piece.text(), piece.line()));
                }
            }
        }
        assertEquals("", String.join("\n", faults));
        assertTrue(sentences > 1000, "only " + sentences + " sentences were found");
    }

    /** Rows of tables cannot be broken, except on the front page, which is read in a terminal too. */
    @Test
    void everyLineFits() throws IOException {
        List<String> faults = new ArrayList<>();
        for (MarkdownPage page : pages()) {
            if (NOT_YET_PLAIN.contains(page.path())) {
                continue;
            }
            boolean frontPage =
                    page.path().getFileName().toString().startsWith("README") && !BESIDE_THE_SITE.contains(page.path());
            for (int i = 0; i < page.lines().size(); i++) {
                int columns = columns(page.lines().get(i));
                if (columns > MAX_COLUMNS && (frontPage || !page.isTableRow(i))) {
                    faults.add(page.path() + ":" + (i + 1) + ": " + columns + " columns, at most " + MAX_COLUMNS);
                }
            }
        }
        assertEquals("", String.join("\n", faults));
    }

    @Test
    void theFrontPageIsOnePage() throws IOException {
        int lines = MarkdownPage.readme().lines().size();
        assertTrue(lines <= MAX_LINES_OF_README, lines + " lines, at most " + MAX_LINES_OF_README);
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<String> faults = new ArrayList<>();
        for (MarkdownPage page : pages()) {
            for (Piece link : page.links()) {
                if (!link.text().startsWith("https://") && !leadsSomewhere(page, link.text())) {
                    faults.add(page.path() + ":" + link.line() + ": " + link.text());
                }
            }
        }
        assertEquals("", String.join("\n", faults));
    }

    private static boolean leadsSomewhere(MarkdownPage page, String target) throws IOException {
        String[] parts = target.split("#", 2);
        Path file = parts[0].isEmpty()
                ? page.path()
                : Path.of("").resolve(page.path()).resolveSibling(parts[0]).normalize();
        return Files.exists(file)
                && (parts.length == 1 || MarkdownPage.read(file).anchors().contains(parts[1]));
    }

    private static boolean isEnglish(MarkdownPage page) {
        return !page.path().toString().endsWith(".zh.md");
    }

    /** Chinese characters take two columns. */
    private static int columns(String line) {
        return line.codePoints()
                .map(character -> Character.isIdeographic(character) || isFullWidth(character) ? 2 : 1)
                .sum();
    }

    private static boolean isFullWidth(int character) {
        return character >= 0x3000 && character <= 0x303f || character >= 0xff00 && character <= 0xff60;
    }
}
