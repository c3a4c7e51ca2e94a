package io.pingagent.model;

import java.util.concurrent.TimeUnit;

/**
 * One value on its way to Zabbix. Host, key, clock and nanoseconds together are its identity: the server keeps the
 * first that comes with them. So the same value may be sent twice, but not two values with one stamp.
 *
 * @param host the Zabbix host that owns the item
 * @param key the item key, as the template spells it
 * @param value decimal numbers with a point, or text
 * @param clockSeconds Unix seconds of the measurement
 * @param nanos within the second, 0 to 999,999,999
 */
public record ZabbixValue(String host, String key, String value, long clockSeconds, int nanos) {

    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    public ZabbixValue {
        if (nanos < 0 || nanos >= NANOS_PER_SECOND) {
            throw new IllegalArgumentException("nanos " + nanos + ", allowed are 0 to 999999999");
        }
    }

    /** @param wallNanos Unix nanoseconds of the measurement */
    public static ZabbixValue at(String host, String key, String value, long wallNanos) {
        return new ZabbixValue(host, key, value, Math.floorDiv(wallNanos, NANOS_PER_SECOND), (int)
                Math.floorMod(wallNanos, NANOS_PER_SECOND));
    }
}
