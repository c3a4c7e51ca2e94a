package io.pingagent.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisSettingsTest {

    private static RedisSettings of(String url) {
        return RedisSettings.of("gza", URI.create(url));
    }

    @Test
    void takesTheUrlApart() {
        RedisSettings all = of("rediss://bob:p%40ss%2Bw+d@redis_1.example:6380/7");
        assertTrue(all.tls());
        assertEquals("redis_1.example", all.host());
        assertEquals(6380, all.port());
        assertEquals(7, all.database());
        assertEquals("bob", all.effectiveUser());
        assertEquals("p@ss+w+d", all.effectivePassword());
        RedisSettings least = of("redis://localhost");
        assertFalse(least.tls());
        assertEquals(6379, least.port());
        assertEquals(0, least.database());
        assertNull(least.effectiveUser());
        assertNull(least.effectivePassword());
        RedisSettings v6 = of("redis://:secret@[::1]:6379/");
        assertEquals("::1", v6.host());
        assertNull(v6.effectiveUser());
        assertEquals("secret", v6.effectivePassword());
    }

    @Test
    void printsNoSecret() {
        String text = of("redis://bob:hidden@[::1]/3").toString();
        assertEquals("redis://[::1]:6379/3 as agent gza", text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://x",
                "redis://",
                "redis://:6379",
                "redis://x:0",
                "redis://x:70000",
                "redis://x/one",
                "x:1",
                "redis://x/-1"
            })
    void refusesABadUrl(String url) {
        assertThrows(IllegalArgumentException.class, () -> of(url));
    }
}
