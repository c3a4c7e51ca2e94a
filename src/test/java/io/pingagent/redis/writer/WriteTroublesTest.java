package io.pingagent.redis.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.Problem;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisSettings;
import io.pingagent.redis.writer.CommandBatch.Purpose;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WriteTroublesTest {

    private static final String NOPERM = "NOPERM this user has no permissions to run the 'set' command";
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final WriteTroubles troubles = new WriteTroubles(
            RedisSettings.of("gza", URI.create("redis://bob:secret@127.0.0.1:6379/0")),
            new RedisKeys("gza"),
            "127.0.0.1:6379");

    @Test
    void countsTheSameRefusalInsteadOfRepeatingIt() {
        for (int i = 0; i < 1_000; i++) {
            troubles.refused(Purpose.VALUE, NOPERM, 0);
        }
        assertEquals(
                Map.of(
                        new Problem(
                                "agent-ip-last-ms_gza_*",
                                "Redis refuses SET: " + NOPERM,
                                "allow it: ACL SETUSER bob +set '~agent-ip-last-ms_gza_*'"),
                        1_000L),
                troubles.present(0));
    }

    @Test
    void holdsUntilACommandIsTakenAndNoneWasRefusedForAWhile() {
        troubles.refused(Purpose.ERR_LIST_ADD, "WRONGTYPE Operation against a key", 0);
        assertEquals(1, troubles.present(100 * SECOND).size());
        troubles.accepted(Purpose.ERR_LIST_ADD);
        troubles.refused(Purpose.ERR_LIST_ADD, "WRONGTYPE Operation against a key", 100 * SECOND);
        assertEquals(1, troubles.present(104 * SECOND).size());
        troubles.accepted(Purpose.ERR_LIST_ADD);
        assertEquals(1, troubles.present(104 * SECOND).size());
        assertEquals(Map.of(), troubles.present(105 * SECOND));
    }

    @Test
    void namesTheCommandThatRedisRefusedAndNotAnotherForTheSamePurpose() {
        troubles.refused(Purpose.OWNER, "NOPERM User bob has no permissions to run the 'pexpire' command", 0);
        assertEquals(
                Map.of(
                        new Problem(
                                "agent-owner_gza",
                                "Redis refuses PEXPIRE: NOPERM User bob has no permissions to run the 'pexpire' command",
                                "allow it: ACL SETUSER bob +pexpire '~agent-owner_gza'"),
                        1L),
                troubles.present(0));
    }

    @Test
    void slownessIsOneLineForAWhile() {
        troubles.answered(SECOND / 2, 0);
        assertEquals(Map.of(), troubles.present(0));
        troubles.answered(2 * SECOND, 0);
        assertTrue(
                troubles.present(0).toString().contains("is slow"),
                troubles.present(0).toString());
        troubles.lapsed(10 * SECOND);
        String both = troubles.present(10 * SECOND).toString();
        assertTrue(both.contains("slower than what is written"), both);
        assertEquals(1, troubles.present(10 * SECOND).size());
        assertEquals(Map.of(), troubles.present(41 * SECOND));
    }
}
