package io.pingagent.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pingagent.testkit.MarkdownPage.Piece;
import java.util.List;
import org.junit.jupiter.api.Test;

class JavaTextTest {

    private static final String SOURCE = """
            /**
             * One {@code a.b(c)}
             * and <em>two</em>:
             *
             * <pre>
             * layout told
             * </pre>
             *
             * <ul>
             *   <li>three, by {@code d}, {@link e}, {@code f}
             * </ul>
             *
             * @param <T> four
             * @return five
             */
            String url = "http://six"; // seven
            // - eight
            //   nine
            // - ten

            char quote = '"'; /* eleven */
            String text = "a \\"b\\" /* no comment */" // twelve
                    + "c";
            fail("goes"
                    + " on" + "!" + name + "d\\ne");
            """;

    @Test
    void commentsAreTakenApartWithoutCodeAndLayouts() {
        assertEquals(
                List.of(
                        new Piece(2, "One Code\n and two:"),
                        new Piece(10, "three, by Code"),
                        new Piece(13, "four"),
                        new Piece(14, "five"),
                        new Piece(16, "seven"),
                        new Piece(17, "eight\n   nine"),
                        new Piece(19, "ten"),
                        new Piece(21, "eleven"),
                        new Piece(22, "twelve")),
                JavaText.comments(SOURCE));
    }

    @Test
    void joinedLiteralsAreOne() {
        assertEquals(
                List.of(
                        new Piece(16, "http://six"),
                        new Piece(22, "a  b  /* no comment */"),
                        new Piece(23, "c"),
                        new Piece(24, "goes\n on!"),
                        new Piece(25, "d e")),
                JavaText.literals(SOURCE));
    }
}
