package io.pingagent.zabbix.delivery;

import io.pingagent.model.ZabbixValue;

/**
 * Items by a hash of 64 bits, so that a million of them take no object each. Of three million items two have the same
 * hash with a probability of one to four million, and share their fate then.
 */
final class ItemHash {

    private static final long SEED = 0xcbf2_9ce4_8422_2325L;
    private static final long PRIME = 0x9E37_79B9_7F4A_7C15L;

    private ItemHash() {}

    static long ofHost(String host) {
        return mix(over(SEED, host));
    }

    /** A key alone may be an item of many hosts. */
    static long ofItem(ZabbixValue value) {
        return mix(over(over(SEED, value.host()) ^ PRIME, value.key()));
    }

    private static long over(long start, String text) {
        long hash = start;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * PRIME;
            hash ^= hash >>> 29;
        }
        return hash;
    }

    private static long mix(long hash) {
        long mixed = (hash ^ hash >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D0_49BB_1331_11EBL;
        return mixed ^ mixed >>> 31;
    }
}
