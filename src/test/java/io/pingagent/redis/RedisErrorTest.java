package io.pingagent.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.exceptions.JedisDataException;

/** The lines are those of Redis 5 to 8, word for word. */
class RedisErrorTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            NO_PERMISSION       | NOPERM this user has no permissions to run the 'set' command or its subcommand
            NO_PERMISSION       | NOPERM this user has no permissions to access one of the keys used as arguments
            NO_PERMISSION       | NOPERM User bob has no permissions to run the 'pexpire' command
            NO_PERMISSION       | NOPERM No permissions to access a key
            NO_PERMISSION       | NOPERM No permissions to access a channel
            NOT_LOGGED_IN       | NOAUTH Authentication required.
            NOT_LOGGED_IN       | NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time
            WRONG_LOGIN         | ERR invalid password
            NEEDS_NO_LOGIN      | ERR Client sent AUTH, but no password is set
            WRONG_LOGIN         | ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?
            WRONG_LOGIN         | WRONGPASS invalid username-password pair
            WRONG_LOGIN         | WRONGPASS invalid username-password pair or user is disabled.
            WRONG_TYPE          | WRONGTYPE Operation against a key holding the wrong kind of value
            LOADING             | LOADING Redis is loading the dataset in memory
            READ_ONLY           | READONLY You can't write against a read only slave.
            READ_ONLY           | READONLY You can't write against a read only replica.
            OUT_OF_MEMORY       | OOM command not allowed when used memory > 'maxmemory'.
            NOT_SAVED           | MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Commands that may modify the data set are disabled, because this instance is configured to report errors during writes if RDB snapshotting fails (stop-writes-on-bgsave-error option). Please check the Redis logs for details about the RDB error.
            NOT_SAVED           | MISCONF Errors writing to the AOF file: No space left on device
            TOO_FEW_REPLICAS    | NOREPLICAS Not enough good replicas to write.
            MASTER_DOWN         | MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.
            BUSY                | BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.
            CLUSTER_DOWN        | CLUSTERDOWN The cluster is down
            MOVED               | MOVED 3999 127.0.0.1:6381
            ABORTED_TRANSACTION | EXECABORT Transaction discarded because of previous errors.
            ABORTED_TRANSACTION | EXECABORT Transaction discarded because of: NOPERM User bob has no permissions to run the 'exec' command
            TOO_MANY_CLIENTS    | ERR max number of clients reached
            TOO_MANY_CLIENTS    | ERR max number of clients + cluster connections reached
            NO_SUCH_KEY         | ERR no such key
            OTHER               | ERR unknown command `CONFIG`, with args beginning with: `GET`, `notify-keyspace-events`,
            OTHER               | ERR DB index is out of range
            OTHER               | NOSCRIPT No matching script. Please use EVAL.
            OTHER               | OOMs are no word of Redis
            OTHER               | ""
            """)
    void linesOfRedisHaveTheirKind(RedisError kind, String line) {
        assertEquals(kind, RedisError.of(line));
        assertEquals(kind, RedisError.of(new JedisDataException(line.isEmpty() ? "ERR" : line)));
    }

    @Test
    void onlyStatesOfTheServerEndTheConnection() {
        EnumSet<RedisError> wholeServer = EnumSet.allOf(RedisError.class);
        wholeServer.removeIf(error -> !error.isOfWholeServer());
        assertEquals(
                EnumSet.of(
                        RedisError.NOT_LOGGED_IN,
                        RedisError.LOADING,
                        RedisError.READ_ONLY,
                        RedisError.OUT_OF_MEMORY,
                        RedisError.NOT_SAVED,
                        RedisError.TOO_FEW_REPLICAS,
                        RedisError.MASTER_DOWN,
                        RedisError.BUSY,
                        RedisError.CLUSTER_DOWN,
                        RedisError.MOVED),
                wholeServer);
    }

    @Test
    void deniedIsWhatUserOrPasswordMayChange() {
        EnumSet<RedisError> denied = EnumSet.allOf(RedisError.class);
        denied.removeIf(error -> !error.isDenied());
        assertEquals(EnumSet.of(RedisError.NO_PERMISSION, RedisError.NOT_LOGGED_IN, RedisError.WRONG_LOGIN), denied);
    }

    @Test
    void ownLineHasItsKind() {
        assertEquals(RedisError.READ_ONLY, RedisError.of(RedisError.READ_ONLY.line("it is a replica")));
    }

    @Test
    void everyKindHasARemedyThatFitsAMessage() {
        for (RedisError error : RedisError.values()) {
            assertFalse(error.remedy().isEmpty(), error.name());
            assertTrue(!error.remedy().contains(";"), error.remedy());
        }
    }
}
