package io.pingagent.agent;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;

import io.pingagent.agent.catalogue.CatalogueLoader;
import io.pingagent.agent.catalogue.CatalogueSnapshot;
import io.pingagent.agent.catalogue.NamedAddresses;
import io.pingagent.agent.catalogue.ProblemBoard;
import io.pingagent.agent.catalogue.RedisCatalogue;
import io.pingagent.agent.catalogue.Reloader;
import io.pingagent.e2e.Catalogue;
import io.pingagent.jobs.CronSpecs;
import io.pingagent.model.Problem;
import io.pingagent.probe.SystemNanoClock;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisSettings;
import io.pingagent.redis.catalogue.CatalogueReader;
import io.pingagent.testkit.RedisServer;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReloaderIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ProblemBoard board = new ProblemBoard();
    private RedisServer server;
    private Catalogue catalogue;
    private Reloader reloader;
    private volatile boolean isBroken = true;

    @BeforeEach
    void start() {
        server = RedisServer.started();
        catalogue = new Catalogue(server.url());
        catalogue.group("g", "192.0.2.1").job("j", "@every 10s", "g");
        RedisKeys keys = new RedisKeys("gz");
        reloader = new Reloader(
                new CatalogueLoader(
                        new RedisCatalogue(
                                new CatalogueReader(new RedisConnector(RedisSettings.of("gz", server.url())), keys)),
                        keys,
                        1_000_000_000L,
                        new CronSpecs(ZoneOffset.UTC),
                        () -> true,
                        true,
                        mock(NamedAddresses.class)),
                List.of(this::follow),
                board,
                () -> true,
                Duration.ofSeconds(1),
                () -> {},
                new SystemNanoClock());
        reloader.start();
    }

    @AfterEach
    void stop() {
        reloader.stop();
        server.close();
    }

    private List<Problem> follow(CatalogueSnapshot catalogue) {
        if (isBroken) {
            throw new IllegalStateException("no room for " + catalogue.jobs().keySet());
        }
        return List.of();
    }

    private String shown() {
        return board.present().toString();
    }

    /** At the start and later: jobs that are not applied are no healthy ones. */
    @Test
    void jobsThatCannotBeAppliedAreAProblemUntilTheyCan() {
        await().atMost(PATIENCE).until(() -> shown().contains("no room for [j]"));
        assertTrue(shown().contains("they cannot be applied, so the known ones stay in force"), shown());
        isBroken = false;
        await().atMost(PATIENCE).until(() -> board.present().isEmpty());
        isBroken = true;
        catalogue.job("k", "@every 10s", "g");
        await().atMost(PATIENCE).until(() -> shown().contains("no room for [j, k]"));
        isBroken = false;
        await().atMost(PATIENCE).until(() -> board.present().isEmpty());
    }
}
