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
        assertEquals("redis_1.example", all.url().host());
        assertEquals(6380, all.url().port());
        assertEquals(7, all.database());
        assertEquals("bob", all.url().user());
        assertEquals("p@ss+w+d", all.url().password());
        RedisSettings least = of("redis://localhost");
        assertFalse(least.tls());
        assertEquals(6379, least.url().port());
        assertEquals(0, least.database());
        assertNull(least.url().user());
        assertNull(least.url().password());
        RedisSettings v6 = of("redis://:secret@[::1]:6379/");
        assertEquals("::1", v6.url().host());
        assertNull(v6.url().user());
        assertEquals("secret", v6.url().password());
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
