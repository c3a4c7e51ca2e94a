package io.pingagent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.testkit.JavaText;
import io.pingagent.testkit.MarkdownPage.Piece;
import io.pingagent.testkit.Prose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Comments and messages of the code are plain English, as the documents are (see {@link PlainEnglishTest}). */
class JavaProseTest {

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void everySentenceOfACommentIsShortAndInTheFieldsWords() throws IOException {
        List<String> faults = new ArrayList<>();
        int sentences = 0;
        for (Path source : sources()) {
            for (Piece piece : JavaText.comments(Files.readString(source))) {
                sentences += Prose.sentences(piece.text(), piece.line()).size();
                faults.addAll(Prose.faults(source.toString(), piece.text(), piece.line()));
            }
        }
        assertEquals("", String.join("\n", faults));
        assertTrue(sentences > 3000, "only " + sentences + " sentences were found");
    }

    /** Not their length: many are pieces of a sentence. */
    @Test
    void everyMessageIsInTheFieldsWords() throws IOException {
        List<String> faults = new ArrayList<>();
        int messages = 0;
        for (Path source : sources()) {
            for (Piece message : JavaText.literals(Files.readString(source))) {
                messages++;
                faults.addAll(Prose.retiredWords(source.toString(), message.text(), message.line()));
            }
        }
        assertEquals("", String.join("\n", faults));
        assertTrue(messages > 3000, "only " + messages + " messages were found");
    }
}
