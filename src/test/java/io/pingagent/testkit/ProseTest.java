package io.pingagent.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.testkit.MarkdownPage.Piece;
import io.pingagent.testkit.Prose.Sentence;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProseTest {

    @Test
    void aSentenceEndsBeforeTheNextAndNotInANumber() {
        assertEquals(
                List.of(
                        new Sentence(7, "It takes 1.5 s, e.g. Debian needs 2."),
                        new Sentence(9, "(Really.)"),
                        new Sentence(9, "Code does")),
                Prose.sentences("It takes 1.5 s,\ne.g. Debian needs 2.\n(Really.) Code\ndoes", 7));
    }

    @Test
    void twentySixWordsAreTooMany() {
        String words = String.join(" ", Collections.nCopies(25, "word"));
        assertEquals(List.of(), Prose.faults("page", words + ".", 1));
        List<String> faults = Prose.faults("page", "Short. \n" + "A " + words + ".", 1);
        assertEquals(1, faults.size());
        assertTrue(faults.get(0).startsWith("page:2: 26 words"), faults.get(0));
    }

    @Test
    void marksAreNoWords() {
        assertEquals(3, new Sentence(1, "one – two = Code .").words());
    }

    @Test
    void aRetiredWordIsFoundOverALineEndAndNotInsideAnother() {
        assertEquals(1, Prose.faults("page", "Probing goes\non.", 1).size());
        assertEquals(List.of(), Prose.faults("page", "It goes on the list; foretelling, commend, away from.", 1));
    }

    @Test
    void proseOfAPageIsWithoutCodeTablesAndPictures() {
        MarkdownPage page = MarkdownPage.of(Path.of("page.md"), """
                # A `title`

                See [the page](other.md#it),
                or `code; more`.
                ![a picture](p.png)

                - one
                  and more
                - two

                | a | b |
                |---|---|

                ```sh
                told | mend
                ```
                """);
        assertEquals(
                List.of(
                        new Piece(1, "A Code\n"),
                        new Piece(3, "See the page,\nor Code.\n\n"),
                        new Piece(7, "one\n  and more\n"),
                        new Piece(9, "two\n")),
                page.prose());
        assertEquals(List.of(new Piece(3, "other.md#it"), new Piece(5, "p.png")), page.links());
        assertEquals(List.of("told | mend\n"), page.blocks("sh"));
        assertEquals(List.of("title", "code; more"), page.codeInText());
        assertEquals(Set.of("a-title"), page.anchors());
    }

    @Test
    void equalHeadingsHaveAnchorsOfTheirOwn() {
        MarkdownPage page = MarkdownPage.of(Path.of("page.md"), "# What is believed?\n\n## Setup\n\n## Setup\n## 安装\n");
        assertEquals(Set.of("what-is-believed", "setup", "setup-1", "安装"), page.anchors());
        assertEquals(List.of(1, 2, 2, 2), page.headingLevels());
    }
}
