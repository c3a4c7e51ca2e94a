package io.pingagent.model;

/** What users see of an address that is judged. Nothing is shown of one that is not. */
public enum AddressStatus {
    DOWN,
    UP,
    /** Down, and so is an address behind which it stands: nothing is known of it, and nobody has to act for it. */
    BEHIND_DEAD_PARENT;

    /** As Zabbix and others get it: 0 down, 1 up, 2 behind a dead parent. */
    public int number() {
        return ordinal();
    }
}
