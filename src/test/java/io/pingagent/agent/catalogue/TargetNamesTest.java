package io.pingagent.agent.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.pingagent.jobs.CronSpecs;
import io.pingagent.model.AddressSet;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Job;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TargetNamesTest {

    private static JobSetup job(String name, Map<String, AddressSet> groups) {
        List<String> names = List.copyOf(groups.keySet());
        return new JobSetup(
                new Job(name, "job_" + name, "@every 10s", names),
                new CronSpecs(ZoneId.of("UTC")).get("@every 10s"),
                names.stream().map(groups::get).toList(),
                1_000_000_000L);
    }

    private static AddressSet range(int from, int to) {
        AddressSet.Builder set = new AddressSet.Builder();
        for (int i = from; i < to; i++) {
            set.add(IpAddress.v4(i));
        }
        return set.build();
    }

    @Test
    void theFirstGroupAndJobInTheOrderOfNamesWin() {
        TargetNames names = new TargetNames(Map.of(
                "b", job("b", Map.of("z", range(10, 30), "a", range(20, 40))),
                "a", job("a", Map.of("y", range(25, 50)))));
        assertEquals(new TargetNames.Names("z", "b"), names.find(IpAddress.v4(10)));
        assertEquals(new TargetNames.Names("a", "b"), names.find(IpAddress.v4(20)));
        assertEquals(new TargetNames.Names("a", "a"), names.find(IpAddress.v4(25)));
        assertEquals(new TargetNames.Names("y", "a"), names.find(IpAddress.v4(45)));
        assertNull(names.find(IpAddress.v4(50)));
        assertNull(TargetNames.none().find(IpAddress.v4(10)));
    }

    /** Few and many addresses are looked up in different ways. */
    @Test
    void manyAtOnceHaveTheSameNames() {
        TargetNames names = new TargetNames(Map.of(
                "b", job("b", Map.of("z", range(10, 300), "a", range(200, 400))),
                "a", job("a", Map.of("y", range(250, 500)))));
        for (int step : new int[] {1, 7, 100}) {
            List<IpAddress> some = new ArrayList<>();
            for (int i = 0; i < 600; i += step) {
                some.add(IpAddress.v4(i));
            }
            List<TargetNames.Names> found = names.find(some);
            for (int i = 0; i < some.size(); i++) {
                assertEquals(names.find(some.get(i)), found.get(i), some.get(i).toString());
            }
        }
    }
}
