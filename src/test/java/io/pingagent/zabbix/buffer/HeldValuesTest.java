package io.pingagent.zabbix.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pingagent.model.ZabbixValue;
import io.pingagent.zabbix.AddressItem;
import io.pingagent.zabbix.FakeTargets;
import io.pingagent.zabbix.buffer.HeldValues.Held;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Values that wait for their items, on a disk that fails. */
class HeldValuesTest {

    private final FakeDisk disk = new FakeDisk();

    private static List<ZabbixValue> values(int from, int to) {
        List<ZabbixValue> values = new ArrayList<>();
        for (int i = from; i < to; i++) {
            values.add(new ZabbixValue("gza", AddressItem.LOSS.key(FakeTargets.ip(i)), Integer.toString(i), i, 0));
        }
        return values;
    }

    private static List<Held> some(HeldValues held, int most) {
        held.look(100_000);
        List<Held> some = new ArrayList<>();
        while (some.size() < most) {
            Held one = held.next();
            if (one == null) {
                return some;
            }
            some.add(one);
        }
        return some;
    }

    @Test
    void valuesThatGoToTheDiskWithinAPassAreCountedOnce() throws IOException {
        disk.readOnly = true;
        try (HeldValues held = new HeldValues(Path.of("/held"), 1 << 20, Duration.ofDays(20_000), () -> 0, disk)) {
            held.append(values(0, 100));
            held.rewind();
            List<Held> first = some(held, 50);
            assertEquals(50, first.size());
            disk.readOnly = false;
            held.append(values(100, 150));
            held.settle(first);
            Set<String> seen = new HashSet<>();
            first.forEach(one -> seen.add(one.value().value()));
            for (int pass = 0; pass < 2; pass++) {
                List<Held> rest = some(held, 1_000);
                rest.forEach(one -> seen.add(one.value().value()));
                held.settle(rest);
                held.rewind();
            }
            assertEquals(0, held.values(), "nothing waits, and no count is below nothing");
            assertEquals(150, seen.size());
            assertEquals(0, held.dropped());
            assertEquals(List.of(), some(held, 1));
        }
    }
}
