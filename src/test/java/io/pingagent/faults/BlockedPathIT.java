package io.pingagent.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.e2e.Catalogue;
import io.pingagent.testkit.Requires;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A path that takes no packets takes nobody else's: each case beside a control of the same agent, within 5 %. */
@Tag("root")
class BlockedPathIT {

    private static final String TEN_SECONDS = "*/10 * * * * *";
    private static final Map<String, BlockedPath.Result> RESULTS = new ConcurrentSkipListMap<>();

    private static final String HEAD = """
            | case | live probes per 10 s, control | while blocked | longest gap of live addresses | false entries | affected addresses on the err list | packets a second for them |
            |---|---|---|---|---|---|---|
            """;

    private static final String DEAD_NEIGHBOURS = "50,000 live beside 900 dead neighbours";
    private static final String DEAD_GATEWAYS = "3 gateways with 15,000 addresses each, 2 die";
    private static final String SLOW_LINK = "330 IPv6 addresses over 60 kbit, 2,000 elsewhere";
    private static final List<String> NAMES = List.of(DEAD_NEIGHBOURS, DEAD_GATEWAYS, SLOW_LINK);

    @BeforeAll
    static void requires() {
        Requires.rawSockets();
        Requires.rawSocketsV6();
        Requires.tun();
        Requires.nft();
        Requires.redisServer();
        Requires.program("tc", "iproute2");
    }

    @AfterAll
    static void write() throws Exception {
        if (RESULTS.keySet().containsAll(NAMES)) {
            List<String> rows = new ArrayList<>();
            NAMES.forEach(name -> rows.add(RESULTS.get(name).markdown()));
            MatrixDocument.write("blocked path", HEAD, rows);
        }
    }

    private static BlockedPath deadNeighbours() {
        List<String> live = Catalogue.range("10.9.40.1", 50_000);
        List<String> dead = Catalogue.range("10.72.100.1", 900);
        return new BlockedPath(
                        DEAD_NEIGHBOURS,
                        live,
                        dead,
                        site -> {
                            site.near().route("10.9.32.0/19", "10.9.64.0/18", "10.9.128.0/17");
                            site.catalogue().group("live", live).job("live", TEN_SECONDS, "live");
                        },
                        site -> site.catalogue().group("dead", dead).job("dead", TEN_SECONDS, "dead"))
                // Two intervals at most until the first probe, its timeout, and two seconds.
                .listedWithin(2 * BlockedPath.CADENCE_SECONDS + 1 + 2)
                .probed("10.72.100.0/22", 0.95 * 900);
    }

    private static BlockedPath deadGateways() {
        List<String> live = Catalogue.range("10.9.64.1", 15_000);
        List<String> second = Catalogue.range("10.9.128.1", 15_000);
        List<String> third = Catalogue.range("10.9.192.1", 15_000);
        List<String> affected = new ArrayList<>(second);
        affected.addAll(third);
        return new BlockedPath(
                        DEAD_GATEWAYS,
                        live,
                        affected,
                        site -> {
                            site.gateway("gw1", 75, "10.9.64.0/18", live, TEN_SECONDS);
                            site.gateway("gw2", 73, "10.9.128.0/18", second, TEN_SECONDS);
                            site.gateway("gw3", 74, "10.9.192.0/18", third, TEN_SECONDS);
                        },
                        site -> {
                            site.gateways().get(1).routerDies();
                            site.gateways().get(2).routerDies();
                        })
                // An interval, the timeout, and two seconds.
                .listedWithin(BlockedPath.CADENCE_SECONDS + 1 + 2);
    }

    private static BlockedPath slowLink() {
        List<String> live = new ArrayList<>(Catalogue.range("10.9.64.1", 1_000));
        live.addAll(Catalogue.range("fd00:9::3:1", 1_000));
        List<String> slow = Catalogue.range("fd00:9::4:1", 330);
        return new BlockedPath(
                        SLOW_LINK,
                        live,
                        slow,
                        site -> {
                            site.near().route("10.9.64.0/18", "fd00:9::3:0/112");
                            site.catalogue().group("live", live).job("live", TEN_SECONDS, "live");
                            // More than the link takes: 330 packets of 104 bytes a second are 275 kbit.
                            site.catalogue().group("slow", slow).job("slow", "* * * * * *", "slow");
                        },
                        // The queue holds more packets than a socket may have under way.
                        site -> site.onHost("tc qdisc add dev far root tbf rate 60kbit burst 2kb latency 60s"))
                .listsNobody();
    }

    @TestFactory
    Stream<DynamicTest> nobodyElseWaits() {
        return Stream.of(deadNeighbours(), deadGateways(), slowLink())
                .map(path -> DynamicTest.dynamicTest(path.name(), () -> {
                    BlockedPath.Result result = path.run();
                    RESULTS.put(result.name(), result);
                    System.out.println(result.markdown());
                    assertTrue(result.failures().isEmpty(), () -> String.join("\n", result.failures()));
                }));
    }

    @Test
    void theDocumentHasTheseCases() throws Exception {
        if (!Boolean.getBoolean("pingagent.regenerate")) {
            assertEquals(NAMES, MatrixDocument.rows("blocked path"));
        }
    }
}
