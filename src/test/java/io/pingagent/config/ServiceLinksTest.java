package io.pingagent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Kubernetes and Docker put into the environment of a container beside a service called ping-agent. */
class ServiceLinksTest {

    private static Map<String, String> with(String variable, String value) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PING_AGENT_AGENT_NAME", "gza");
        environment.put(variable, value);
        return environment;
    }

    @ParameterizedTest
    @CsvSource({
        // Kubernetes, of the services ping-agent and ping-agent-redis-master.
        "PING_AGENT_SERVICE_HOST, 10.96.0.11",
        "PING_AGENT_SERVICE_HOST, fd00::b",
        "PING_AGENT_SERVICE_PORT, 8080",
        "PING_AGENT_SERVICE_PORT_HTTP, 8080",
        "PING_AGENT_PORT, tcp://10.96.0.11:8080",
        "PING_AGENT_PORT_8080_TCP, tcp://10.96.0.11:8080",
        "PING_AGENT_PORT_8080_TCP_PROTO, tcp",
        "PING_AGENT_PORT_8080_TCP_PORT, 8080",
        "PING_AGENT_PORT_8080_TCP_ADDR, 10.96.0.11",
        "PING_AGENT_PORT_161_UDP, udp://10.96.0.11:161",
        "PING_AGENT_REDIS_MASTER_SERVICE_HOST, 10.96.0.12",
        "PING_AGENT_REDIS_MASTER_SERVICE_PORT_TCP_REDIS, 6379",
        "PING_AGENT_REDIS_MASTER_PORT, tcp://10.96.0.12:6379",
        "PING_AGENT_REDIS_MASTER_PORT_6379_TCP, tcp://10.96.0.12:6379",
        "PING_AGENT_REDIS_MASTER_PORT_6379_TCP_ADDR, 10.96.0.12",
        // --link of Docker.
        "PING_AGENT_NAME, /web/ping-agent",
        "PING_AGENT_ENV_REDIS_VERSION, 7.0",
        "PING_AGENT_PORT_6379_TCP_PORT_START, 6379",
        "PING_AGENT_PORT_6379_TCP_START, tcp://172.17.0.5:6379"
    })
    void aServiceLinkIsNoKey(String variable, String value) {
        Map<String, String> environment = with(variable, value);
        assertEquals("gza", ConfigTesting.load("", environment).agent().name());
        assertEquals(List.of(variable), ConfigLoader.serviceLinks(environment));
    }

    @ParameterizedTest
    @CsvSource({
        "PING_AGENT_NAME, gza",
        "PING_AGENT_PORT, 6379",
        "PING_AGENT_REDIS_PORT, 6379",
        "PING_AGENT_SERVICE_PORT, redis",
        "PING_AGENT_HOST, 10.96.0.11",
        "PING_AGENT_REDIS_HOST, redis",
        "PING_AGENT_PORT_HTTP, tcp://10.96.0.11:80",
        "PING_AGENT_PROBE_TIMOUT, 1s",
        "PING_AGENT_SERVICE, x"
    })
    void aMistakeIsStillOne(String variable, String value) {
        List<String> problems = ConfigTesting.problems("", with(variable, value));
        assertEquals(1, problems.size(), problems.toString());
        assertEquals(
                "environment: " + variable + ": unknown variable",
                problems.get(0).split(";", 2)[0]);
        assertEquals(List.of(), ConfigLoader.serviceLinks(with(variable, value)));
    }

    @Test
    void aVariableFromAFileOfWindowsLosesItsCarriageReturn() {
        Config config = ConfigTesting.load("", with("PING_AGENT_REDIS_URL", "redis://redis:6379/1\r"));
        assertEquals("redis://redis:6379/1", config.redis().url().location());
    }
}
