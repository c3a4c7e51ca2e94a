package io.pingagent.zabbix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PathValuesTest {

    @Test
    void whatFindsNoRoomIsAProblem() {
        PathValues paths = new PathValues();
        for (int id = 0; id < PathValues.CAPACITY; id++) {
            paths.put(id, "192.0.2.7", "path", 1);
        }
        assertEquals(List.of(), paths.problems());
        paths.put(7, "192.0.2.7", "path", 1);
        paths.put(8, "192.0.2.8", "path", 1);
        assertTrue(
                paths.problems().get(0).what().startsWith("2 paths"),
                paths.problems().toString());

        List<Integer> drained = new ArrayList<>();
        paths.drain((targetId, ip, text, wallNanos) -> drained.add(targetId));
        assertEquals(PathValues.CAPACITY, drained.size());
    }
}
