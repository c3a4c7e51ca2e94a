package io.pingagent.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProductTest {

    @Test
    void outsideOfTheJarTheVersionIsDevelopment() {
        assertEquals("development", Version.text());
    }

    private static List<Integer> statuses(List<ExitStatus.Row> rows) {
        List<Integer> statuses = new ArrayList<>();
        for (ExitStatus.Row row : rows) {
            for (String status : row.statuses().split(", ", -1)) {
                statuses.add(Integer.parseInt(status));
            }
            assertTrue(row.meaning().endsWith("."), row.meaning());
        }
        return statuses;
    }

    @Test
    void theNumbersAreThoseThatScriptsRelyOn() {
        assertEquals(List.of(0, 64, 69, 70, 77, 78), statuses(ExitStatus.rows()));
        assertEquals(List.of(0, 1, 2, 64, 69, 70, 77, 78), statuses(ExitStatus.pingRows()));
    }

    @Test
    void everyStatusHasItsRow() throws IllegalAccessException {
        List<Integer> all = new ArrayList<>();
        for (Field field : ExitStatus.class.getDeclaredFields()) {
            if (field.getType() == int.class && Modifier.isPublic(field.getModifiers())) {
                all.add(field.getInt(null));
            }
        }
        assertEquals(all.stream().sorted().toList(), statuses(ExitStatus.pingRows()));
    }

    @Test
    void theHelpNamesTheNumbersWithTheirMeaning() {
        assertEquals("  0 done, 64 wrong usage, 69 a required service is unreachable,", ExitStatus.HELP);
        assertEquals("  77 not permitted, 78 bad configuration", ExitStatus.HELP_REST);
        assertEquals("  0 all targets answered, 1 some did not, 2 some names were not found,", ExitStatus.PING_HELP);
        assertEquals(
                "  64 wrong usage, 69 a required service is unreachable, 77 not permitted (give CAP_NET_RAW)",
                ExitStatus.PING_HELP_REST);
    }

    @Test
    void textGoesToUtf8AndBack() {
        byte[] bytes = Utf8.bytes("né");
        assertArrayEquals(new byte[] {'n', (byte) 0xc3, (byte) 0xa9}, bytes);
        assertEquals("né", Utf8.text(bytes));
        assertEquals("\ufffd", Utf8.text(Arrays.copyOf(bytes, 2)).substring(1));
    }
}
