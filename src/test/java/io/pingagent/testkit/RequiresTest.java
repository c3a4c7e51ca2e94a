package io.pingagent.testkit;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class RequiresTest {

    @Test
    void letsThePresentPass() {
        assertDoesNotThrow(() -> Requires.decide("anything", true, "nothing", true));
        assertTrue(Requires.hasProgram("sh"));
        assertFalse(Requires.hasProgram("no-such-program"));
    }

    @Test
    void failsWhereNothingMayBeSkipped() {
        AssertionError failure = assertThrows(
                AssertionError.class,
                () -> Requires.decide("widgets", false, "install the Debian package widget", true));
        assertTrue(failure.getMessage().contains("Debian package widget"));
    }

    @Test
    void skipsElsewhere() {
        TestAbortedException skipped = assertThrows(
                TestAbortedException.class,
                () -> Requires.decide("an example of a missing part", false, "nothing, this line is a test", false));
        assertTrue(skipped.getMessage().contains("nothing, this line is a test"));
    }
}
