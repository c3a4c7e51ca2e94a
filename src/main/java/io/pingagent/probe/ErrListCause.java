package io.pingagent.probe;

/** Why an address entered the err list. */
public enum ErrListCause {
    /** Its last-ms key expired. */
    EXPIRED,
    /** The memory check found it silent for longer than its TTL. */
    SILENT,
    /** As many probes in a row were lost as {@code err-list.enter-after} says. */
    LOST,
    /** Its probe could not be sent: this machine has no route to it, for example. */
    NOT_SENT,
    /** The agent itself is cut off: nothing is known of the address. */
    CUT_OFF,
    /** It stood in Redis at start, or somebody added it by hand. */
    BY_HAND
}
