package io.pingagent.zabbix;

import io.pingagent.base.OwnedBy;
import io.pingagent.base.SpscRing;

/** Status changes from {@code ping-recv} to {@code ping-zabbix}; no garbage. */
final class StatusRing {

    /** In place of a target: the agent itself, "up" while it is not cut off from its network. */
    static final int AGENT = -1;

    interface Reader {

        /** @param wallNanos Unix nanoseconds of the probe that decided it */
        void changed(int targetId, boolean up, long wallNanos);
    }

    private static final int CAPACITY = 1 << 14;
    private static final int TARGET_AND_STATUS = 0;
    private static final int WALL_NANOS = 1;

    private final SpscRing ring = new SpscRing(CAPACITY, 2);

    @OwnedBy("ping-zabbix")
    private long refusedSeen;

    @OwnedBy("ping-recv")
    void put(int targetId, boolean up, long wallNanos) {
        if (ring.claim()) {
            ring.put(TARGET_AND_STATUS, (long) targetId << 1 | (up ? 1 : 0));
            ring.put(WALL_NANOS, wallNanos);
            ring.publish();
        }
    }

    @OwnedBy("ping-zabbix")
    void drain(Reader reader) {
        for (int left = ring.waiting(); left > 0; left--) {
            long word = ring.get(TARGET_AND_STATUS);
            long wallNanos = ring.get(WALL_NANOS);
            ring.release();
            reader.changed((int) (word >> 1), (word & 1) != 0, wallNanos);
        }
    }

    /** Whether changes were lost since the last call: then compare all states. */
    @OwnedBy("ping-zabbix")
    boolean takeOverflow() {
        long refused = ring.refused();
        boolean isMore = refused != refusedSeen;
        refusedSeen = refused;
        return isMore;
    }
}
