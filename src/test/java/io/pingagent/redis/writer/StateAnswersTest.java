package io.pingagent.redis.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.pingagent.base.Utf8;
import io.pingagent.model.IpAddress;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisSettings;
import io.pingagent.redis.writer.CommandBatch.Purpose;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StateAnswersTest {

    private static final IpAddress ADDRESS = IpAddress.v4(0xc000_0201);

    private final RedisSettings settings = RedisSettings.of("gza", URI.create("redis://127.0.0.1:6379/0"));
    private final RedisKeys keys = new RedisKeys("gza");
    private final FakeTable table = FakeTable.ofSize(10);
    private final TargetPages pages = new TargetPages();
    private final CommandBatch batch = new CommandBatch();
    private final WriteTroubles troubles = new WriteTroubles(settings, keys, "127.0.0.1:6379");
    private final StateCommands commands = new StateCommands(settings, keys, table, pages, batch, troubles, () -> 0);
    private final StateAnswers answers = new StateAnswers(
            pages,
            commands.wheel(),
            new ErrListMirror(Utf8.bytes(keys.errList()), table, table, pages),
            new StatusStream(keys, table, batch, Duration.ofSeconds(10)),
            troubles,
            () -> 0);

    private int takeLostRemovals() {
        int taken = 0;
        for (; answers.hasLostRemovals(); taken++) {
            commands.remove(answers.takeLostRemoval());
        }
        return taken;
    }

    @Test
    void removalIsRepeatedOnceHoweverOftenTheConnectionIsLost() {
        commands.remove(ADDRESS);
        for (int loss = 0; loss < 8; loss++) {
            batch.abandon(answers);
            assertEquals(1, takeLostRemovals(), "after loss " + loss);
        }
    }

    @Test
    void refusedRemovalIsKeptOnceHoweverOftenTheAddressComesAndGoes() {
        for (int i = 0; i < 8; i++) {
            answers.refused(Purpose.ERR_LIST_REMOVE, TargetPages.NONE, ADDRESS, "NOPERM no permissions");
        }
        assertEquals(ADDRESS, answers.takeRefusedRemoval());
        assertFalse(answers.hasRefusedRemovals());
    }
}
