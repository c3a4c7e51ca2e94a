package io.pingagent.redis.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AgentOwnerTest {

    private static final AgentOwner OWNER = new AgentOwner(
            "gza", 7, "2026-01-02T03:04:05Z", "ping", new AgentOwner.PidScope("b-1", "pid:[4026531836]", 99), "t-1");

    @Test
    void jsonIsThatOfEveryVersion() {
        String json =
                "{\"host\":\"gza\",\"pid\":7,\"startedAt\":\"2026-01-02T03:04:05Z\",\"user\":\"ping\",\"boot\":\"b-1\","
                        + "\"pidNamespace\":\"pid:[4026531836]\",\"startTicks\":99,\"token\":\"t-1\"}";
        assertEquals(json, OWNER.toJson());
        assertEquals(OWNER, AgentOwner.parse(json));
    }

    @Test
    void nothingIsKnownOfAProcessUnderAnotherKernelOrNamespace() {
        AgentOwner otherBoot = observer(new AgentOwner.PidScope("b-2", "pid:[4026531836]", 1));
        AgentOwner otherNamespace = observer(new AgentOwner.PidScope("b-1", "pid:[1]", 1));
        assertEquals(AgentOwner.Life.UNKNOWN, OWNER.life(otherBoot));
        assertEquals(AgentOwner.Life.UNKNOWN, OWNER.life(otherNamespace));
        AgentOwner unknown = AgentOwner.parse("nonsense");
        assertEquals(AgentOwner.Life.UNKNOWN, unknown.life(unknown));
    }

    private static AgentOwner observer(AgentOwner.PidScope scope) {
        return new AgentOwner("gza", 8, "2026-01-02T03:04:05Z", "ping", scope, "t-2");
    }
}
