package io.pingagent.agent;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.e2e.Catalogue;
import io.pingagent.testkit.Behaviour;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Redis refuses some of what the agent writes, for a while: nobody is taken for dead, and in the end Redis is right again. */
@Execution(ExecutionMode.CONCURRENT)
@Tag("root")
class RefusedWritesIT {

    private static final String AGENT = "r";
    private static final String ERR_LIST = "agent-err-list_r";
    private static final List<String> LIVE = Catalogue.range("10.9.1.1", 50);
    private static final List<String> DEAD = Catalogue.range("10.9.2.1", 10);

    /** Only a failure waits so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private AgentLab lab;
    private Catalogue catalogue;
    private Agent agent;

    @BeforeEach
    void start() throws Exception {
        lab = new AgentLab("refused");
        catalogue = lab.catalogue();
        catalogue.ask(redis -> redis.aclSetUser("agent", "on", ">secret", "~*", "&*", "+@all"));
        DEAD.subList(0, 5).forEach(address -> lab.responder().behave(address, Behaviour.silent()));
        catalogue.group("g", LIVE).group("d", DEAD);
        catalogue.jobWith("\"pttl\":6,", "j", "*/2 * * * * *", "g", "d");
        agent = lab.start(
                AGENT,
                "redis.url",
                "redis://agent:secret@127.0.0.1:" + lab.redis().port() + "/0",
                "redis.status-interval",
                "1s",
                // A responder that is held up must not end on the err list, and nobody leaves while this runs.
                "probe.timeout",
                "3s",
                "err-list.review-spec",
                "0 0 1 1 *");
        await().atMost(PATIENCE).until(() -> errList().equals(new TreeSet<>(DEAD.subList(0, 5))));
        await().atMost(PATIENCE).until(() -> lastMs() == LIVE.size() + 5);
    }

    @AfterEach
    void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    private Set<String> errList() {
        return catalogue.ask(redis -> new TreeSet<>(redis.smembers(ERR_LIST)));
    }

    private int lastMs() {
        return catalogue.ask(redis -> redis.keys("agent-ip-last-ms_r_*")).size();
    }

    private void acl(String... rules) {
        catalogue.ask(redis -> redis.aclSetUser("agent", rules));
    }

    private String problems() {
        return String.valueOf(catalogue.stats(AGENT).getAsJsonArray("problems"));
    }

    private long inMemory() {
        return catalogue.status(AGENT).values().stream()
                .filter(entry -> entry.get("InErrList").getAsBoolean())
                .count();
    }

    @Test
    void keysThatExpireBecauseTheirWritesAreRefusedListNobody() throws Exception {
        acl("-set");
        await().atMost(PATIENCE).until(() -> lastMs() == 0);
        // Longer than an event takes from Redis to the err list.
        Thread.sleep(3_000);
        assertEquals(new TreeSet<>(DEAD.subList(0, 5)), errList());
        String board = agent.problems().present().toString();
        assertTrue(board.contains("agent-ip-last-ms_r_*: Redis refuses SET: NOPERM"), board);
        assertTrue(board.contains("ACL SETUSER agent +set"), board);
        acl("+set");
        await().atMost(PATIENCE).until(() -> lastMs() == LIVE.size() + 5);
    }

    @Test
    void membersThatWereRefusedAreWrittenWhenRedisTakesThem() {
        acl("-sadd", "-srem");
        DEAD.subList(5, 10).forEach(address -> lab.responder().behave(address, Behaviour.silent()));
        await().atMost(PATIENCE).until(() -> inMemory() == 10);
        assertEquals(5, errList().size());
        await().atMost(PATIENCE).until(() -> problems().contains("Redis refuses SADD: NOPERM"));
        assertTrue(problems().contains("\"times\":"), problems());
        acl("+sadd", "+srem");
        await().atMost(PATIENCE).until(() -> errList().equals(new TreeSet<>(DEAD)));
        await().atMost(PATIENCE).until(() -> problems().equals("[]"));
        assertEquals(10, inMemory());
    }

    @Test
    void membersAreWrittenAgainAfterTheKeyWasAString() {
        catalogue.ask(redis -> redis.del(ERR_LIST));
        catalogue.ask(redis -> redis.set(ERR_LIST, "not a set"));
        await().atMost(PATIENCE).until(() -> problems().contains("it has to be a set; remove it with DEL " + ERR_LIST));
        DEAD.subList(5, 10).forEach(address -> lab.responder().behave(address, Behaviour.silent()));
        await().atMost(PATIENCE).until(() -> inMemory() == 10);
        catalogue.ask(redis -> redis.del(ERR_LIST));
        await().atMost(PATIENCE).until(() -> errList().equals(new TreeSet<>(DEAD)));
        assertEquals(10, inMemory());
        await().atMost(PATIENCE).until(() -> problems().equals("[]"));
    }

    @Test
    void keysThatAreLostComeBackAndNobodyLeavesTheErrList() {
        catalogue.ask(redis -> redis.del(redis.keys("agent-*").toArray(String[]::new)));
        await().atMost(PATIENCE).until(() -> {
            assertEquals(5, inEngine());
            return errList().equals(new TreeSet<>(DEAD.subList(0, 5)))
                    && lastMs() == LIVE.size() + 5
                    && catalogue.exists("agent-online_r")
                    && catalogue.ask(redis -> redis.sismember("agent-list", AGENT));
        });
        assertEquals(5, inEngine());
    }

    private long inEngine() {
        return agent.engine().errListSize();
    }

    @Test
    void editsByHandAreHonouredWhileTheOwnOnesAreRefused() {
        acl("-sadd");
        String taken = DEAD.get(0);
        String added = LIVE.get(0);
        catalogue.ask(redis -> redis.sadd(ERR_LIST, added));
        await().atMost(PATIENCE)
                .until(() -> catalogue.status(AGENT).get(added).get("InErrList").getAsBoolean());
        lab.responder().behaveHonestly();
        // A probe from before, still waited for, would put it back on the list. Eight answers, one or two in a second,
        // take longer than the timeout.
        await().atMost(PATIENCE)
                .until(() ->
                        catalogue.status(AGENT).get(taken).get("ReturnCount").getAsInt() >= 8);
        catalogue.ask(redis -> redis.srem(ERR_LIST, taken));
        await().atMost(PATIENCE)
                .until(() ->
                        !catalogue.status(AGENT).get(taken).get("InErrList").getAsBoolean());
        acl("+sadd");
        Set<String> expected = new TreeSet<>(DEAD.subList(1, 5));
        expected.add(added);
        await().atMost(PATIENCE).until(() -> errList().equals(expected) && inMemory() == 5);
    }
}
