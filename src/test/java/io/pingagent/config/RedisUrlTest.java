package io.pingagent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.redis.RedisUrl;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts, users and passwords in {@code redis.url}. */
class RedisUrlTest {

    private static final Map<String, String> NAMED = Map.of("PING_AGENT_AGENT_NAME", "gza");

    private static RedisUrl redis(String url) {
        return ConfigTesting.load("redis: {url: \"" + url + "\"}", NAMED)
                .redis()
                .url();
    }

    private static String problem(String url) {
        List<String> problems = ConfigTesting.problems("redis: {url: \"" + url + "\"}", NAMED);
        assertEquals(1, problems.size(), problems.toString());
        return problems.get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "redis://my_redis, redis://my_redis:6379/0",
        "redis://stack_redis_1:6380/2, redis://stack_redis_1:6380/2",
        "rediss://u:p@_redis.default.svc:, rediss://_redis.default.svc:6379/0",
        "redis://[2001:db8::1]:1, redis://[2001:db8::1]:1/0",
        "redis://192.0.2.1/, redis://192.0.2.1:6379/0"
    })
    void takesHostsAsContainerNetworksNameThem(String url, String expected) {
        assertEquals(expected, redis(url).location());
    }

    @ParameterizedTest
    @CsvSource({
        "us%3Aer:pa%3Ass, us:er, pa:ss",
        "u:p%40s%2Fs%3F%23%25%2B+w, u, p@s/s?#%++w",
        "u:p:w, u, p:w",
        "u:p@w, u, p@w",
        "b%C3%BCro:%E6%9D%B1, b\u00fcro, \u6771",
        ":p, , p",
        "u:, u, "
    })
    void decodesUserAndPasswordOnceTheyAreApart(String userInfo, String user, String password) {
        RedisUrl redis = redis("redis://" + userInfo + "@h");
        assertEquals(user, redis.user());
        assertEquals(password, redis.password());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://u:s3c/ret@h", "redis://u:s3c?ret@h", "redis://u:s3c#ret@h", "redis://u:s3c ret@h",
                "redis://u:s3c%ret@h", "redis://u:s3c[ret@h", "redis://u:s3c^ret@h", "redis://s3c/ret:p@h",
                "redis://u:s3c|ret@h"
            })
    void saysHowToWriteSpecialCharacters(String url) {
        String problem = problem(url);
        assertTrue(problem.contains("percent-encode"), problem);
        assertTrue(problem.contains("redis.password-file"), problem);
        assertFalse(problem.contains("s3c") || problem.contains("ret@"), problem);
    }

    /** Somebody forgot the host, or its at sign. */
    @ParameterizedTest
    @ValueSource(strings = {"redis://:s3cret", "redis://user:s3cret", "redis://user:s3cret/0", "redis://h:s3cret:6379"})
    void hidesAPasswordWithoutAHost(String url) {
        String problem = problem(url);
        assertFalse(problem.contains("s3cret"), problem);
        assertTrue(problem.contains("names no valid host and port"), problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis://", "redis://-h", "redis://a..b%41", "redis://h!", "redis:///0", "redis://h:12x"})
    void refusesWhatIsNoHost(String url) {
        assertTrue(problem(url).contains("; write redis://HOST:PORT/DATABASE"), problem(url));
    }

    @Test
    void aUrlWithoutUserHasNone() {
        assertNull(redis("redis://h").user());
        assertNull(redis("redis://h").password());
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        assertEquals(
                "FILE:1: redis.url: it holds U+FFFD, which stands for characters that were lost; write it in UTF-8",
                problem("redis://b%FCro:p@h"));
    }
}
