package io.pingagent.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyDecoderTest {

    private final KeyDecoder decoder = new KeyDecoder();

    private List<Key> keys(String typed) {
        List<Key> keys = new ArrayList<>();
        typed.chars().forEach(code -> {
            Key key = decoder.accept(code);
            if (key != null) {
                keys.add(key);
            }
        });
        return keys;
    }

    @Test
    void lettersAndControlsAreKeys() {
        assertEquals(List.of(Key.DOWN, Key.UP, Key.ENTER, Key.ENTER, Key.QUIT), keys("jxk\r\nq"));
        assertEquals(List.of(Key.LEAVE, Key.LEAVE, Key.SUSPEND), keys("\u0003\u0004\u001a"));
    }

    @Test
    void arrowsOfBothModesAreKeysAndOtherSequencesAreNone() {
        assertEquals(List.of(Key.UP, Key.DOWN, Key.UP, Key.DOWN), keys("\u001b[A\u001b[B\u001bOA\u001bOB"));
        // Page up, F5, an arrow with Ctrl, Alt and q.
        assertEquals(List.of(Key.UP, Key.QUIT), keys("\u001b[5~\u001b[15~\u001b[1;5A\u001bqq"));
    }

    @Test
    void escapeAloneIsAKeyOnceNothingFollows() {
        assertEquals(List.of(), keys("\u001b"));
        assertEquals(Key.ESCAPE, decoder.idle());
        assertNull(decoder.idle());
        assertEquals(List.of(Key.ESCAPE), keys("\u001b\u001b"));
        assertEquals(Key.ESCAPE, decoder.idle());
        assertEquals(List.of(), keys("\u001b["));
        assertNull(decoder.idle());
        assertEquals(List.of(Key.QUIT), keys("q"), "a sequence that broke off");
    }
}
