package io.pingagent.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.pingagent.base.NanoClock;
import io.pingagent.model.Addresses;
import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Its turns are taken by the test, on a clock that the test sets. */
class HostResolverTest {

    private static final long SECOND = 1_000_000_000L;
    private static final HostName GW = HostName.parse("host4:gw.example.net");
    private static final IpAddress FIRST = Addresses.parse("192.0.2.7");

    /** Answers at once what the test has put. */
    private static final class Zone implements Lookup {
        final Map<String, Answer> answers = new HashMap<>();
        int refreshes;

        @Override
        public void ask(String name, boolean isV6, int attempt, Consumer<Answer> sink) {
            sink.accept(answers.getOrDefault(name, Answer.none("no such name (NXDOMAIN)")));
        }

        @Override
        public void refresh() {
            refreshes++;
        }
    }

    private final Zone zone = new Zone();
    private final NanoClock clock = mock(NanoClock.class);
    private int changes;
    private final HostResolver resolver = new HostResolver(zone, Duration.ofSeconds(60), clock, () -> changes++);
    private long now;

    private void run(int seconds) {
        for (long end = now + seconds * SECOND; now - end < 0; ) {
            now += SECOND / 10;
            when(clock.monotonicNanos()).thenReturn(now);
            resolver.turn();
        }
    }

    private static Answer found(String... texts) {
        return Answer.of(List.of(texts).stream().map(Addresses::parse).toList(), 60);
    }

    @Test
    void aNameThatIsWatchedGetsItsAddressAndItsChange() {
        zone.answers.put("gw.example.net", found("192.0.2.7"));
        resolver.watch(Map.of("core", Set.of(GW)));
        run(2);
        assertEquals(List.of(FIRST), resolver.addresses(GW));
        assertEquals(1, changes);
        run(58);
        assertEquals(1, changes, "nothing has changed");
        zone.answers.put("gw.example.net", found("192.0.2.8"));
        run(62);
        assertEquals(Map.of(GW, List.of(Addresses.parse("192.0.2.8"))), resolver.known());
        assertEquals(2, changes);
        assertEquals(List.of(), resolver.problems());
    }

    /** Each report has the whole catalogue applied. */
    @Test
    void changesOfManyNamesAreReportedTogether() {
        Set<HostName> names = IntStream.range(0, 3_000)
                .mapToObj(i -> HostName.parse("host4:n" + i + ".example.net"))
                .collect(Collectors.toSet());
        names.forEach(name -> zone.answers.put(name.name(), found("192.0.2.7")));
        resolver.watch(Map.of("core", names));
        run(10);
        assertEquals(3_000, resolver.known().size());
        assertTrue(changes <= 10, changes + " reports in 10 s");
    }

    @Test
    void aNameThatDoesNotResolveIsAProblemThatNamesItsGroup() {
        resolver.watch(Map.of("core", Set.of(GW)));
        run(2);
        assertEquals(
                List.of("group_core: 'host4:gw.example.net' does not resolve: no such name (NXDOMAIN); nothing of it is"
                        + " probed; correct the name or its records, or SREM this member of group_core"),
                shown());
        zone.answers.put("gw.example.net", found("192.0.2.7"));
        run(62);
        assertEquals(List.of(), shown());
        zone.answers.remove("gw.example.net");
        run(62);
        assertTrue(shown().get(0).contains("probed at its last address 192.0.2.7"), shown().toString());
        assertEquals(List.of(FIRST), resolver.addresses(GW));
    }

    private List<String> shown() {
        return resolver.problems().stream().map(Object::toString).toList();
    }

    @Test
    void aThousandNamesThatDoNotResolveAreTwentyLinesAndOneWithTheRest() {
        Set<HostName> names = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            names.add(HostName.parse("host4:n" + i + ".example.net"));
        }
        resolver.watch(Map.of("core", names));
        run(3);
        assertEquals(21, shown().size());
        assertTrue(shown().get(20).startsWith("group_core: at least 500 more names do not resolve"), shown().get(20));
        assertTrue(shown().get(20).contains("getent hosts NAME"), "doctor does not ask DNS: " + shown().get(20));
    }

    @Test
    void anAddressOfAnEarlierRunIsThereBeforeAnybodyAnswers() {
        resolver.recall(Map.of(GW, List.of(FIRST)));
        resolver.watch(Map.of("core", Set.of(GW)));
        assertEquals(List.of(FIRST), resolver.addresses(GW));
        run(5);
        assertEquals(List.of(FIRST), resolver.addresses(GW), "no such name, but known");
        assertEquals(0, changes);
    }

    @Test
    void theSystemsConfigurationIsLookedAtEveryFewSeconds() {
        run(60);
        assertTrue(zone.refreshes >= 11 && zone.refreshes <= 12, zone.refreshes + " times in 60 s");
    }
}
