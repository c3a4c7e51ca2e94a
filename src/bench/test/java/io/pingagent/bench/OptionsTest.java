package io.pingagent.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class OptionsTest {

    private static Options parse(String... words) {
        return Options.parse(words);
    }

    @Test
    void flagsTakeNoValueAndOthersDo() {
        Options options = parse("--truth", "--rates", "1,80000", "--rounds", "3", "--departures");
        assertTrue(options.has("truth"));
        assertTrue(options.has("departures"));
        assertFalse(options.has("quick"));
        assertEquals(List.of("1", "80000"), options.list("rates", ""));
        assertEquals(3, options.number("rounds", 1));
        assertEquals(8, options.number("seconds", 8));
    }

    @Test
    void whatIsWrongIsSaid() {
        assertEquals("'--rate' is no option", refusal("--rate"));
        assertEquals("'truth' is no option", refusal("truth"));
        assertEquals("--rates needs a value", refusal("--rates"));
        assertThrows(
                IllegalArgumentException.class, () -> parse("--rounds", "many").number("rounds", 1));
    }

    private static String refusal(String... words) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> parse(words))
                .getMessage());
    }

    @Test
    void everyOptionOfTheUsageIsKnown() {
        Matcher options = Pattern.compile("^ {2}--([a-z-]+)", Pattern.MULTILINE).matcher(Options.USAGE);
        int count = 0;
        while (options.find()) {
            String word = "--" + options.group(1);
            Options parsed = options.group(1).equals("quick") || options.group(1).equals("departures")
                    ? parse(word)
                    : parse(word, "1");
            assertTrue(parsed.has(options.group(1)), word);
            count++;
        }
        assertTrue(count > 8);
    }
}
