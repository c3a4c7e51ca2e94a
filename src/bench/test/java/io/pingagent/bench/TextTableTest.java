package io.pingagent.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {

    @Test
    void textIsAlignedLeftAndNumbersRightAsMarkdownSays() {
        List<String[]> rows = List.of(
                new String[] {"who", "n"}, new String[] {"engine", "1234"}, new String[] {"", ""});
        assertEquals(
                List.of(
                        "| who    |    n |",
                        "|--------|-----:|",
                        "| engine | 1234 |",
                        "|        |      |"),
                TextTable.lines(rows));
    }
}
