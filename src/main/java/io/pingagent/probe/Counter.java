package io.pingagent.probe;

/** What the engine counts since its start. */
public enum Counter {
    /** Echo requests handed to the kernel. */
    SENT,
    /** Probes answered in time, each counted once. */
    RECEIVED,
    /** Probes without a valid reply in time, whatever the reason. */
    LOST,
    /** Probes without a reply in time that do not count, because this machine may have lost the reply itself. */
    INVALIDATED,
    /** Probes without a reply that do not count, because the engine itself was cut off from its network. */
    CUT_OFF,
    /** Replies after their probe's timeout; the probe stays lost. */
    LATE,
    /** Further replies to a probe that was answered already. */
    DUPLICATE,
    /** Replies whose source is not the probed address. */
    FOREIGN_SOURCE,
    /** Replies to targets that have been removed meanwhile. */
    STALE,
    /** Packets that the decoder rejected: truncated, corrupted, forged. */
    REJECTED,
    /** Probes lost for which an ICMP error gave the reason, at once or, if it proved nothing, at their timeout. */
    UNREACHABLE,
    /** ICMP errors about a probe in flight that proved nothing, because they quote too little of it. */
    UNPROVEN_ERROR,
    /** Probes the kernel would not send (no route, filtered); settled as lost. */
    SEND_ERROR,
    /** Those of them that failed while the engine was not cut off, which is known 6 s later. */
    SEND_ERROR_ALONE,
    /** Probes that this machine had no room for when they were due; each is sent as soon as there is. */
    SEND_DEFERRED,
    /** Probes left out because an earlier one of their address was still deferred; they do not count. */
    SEND_OMITTED,
    /** Probes that this machine held in a slow queue for too long to be answered in time; they do not count. */
    SEND_HELD,
    /** Packets sent in batches because the schedule could not be kept one by one. */
    SENT_BATCHED,
    /** Probes of jobs sent later than a twentieth of their interval after they were due. */
    SENT_LATE,
    /** Rounds still running when their next firing was due. */
    OVERRUN,
    /** Commands not taken because the command queue was full. */
    COMMAND_REJECTED,
    /** Steps of the wall clock noticed by the sender. */
    CLOCK_STEP,
    /**
     * RTT samples taken from the monotonic clock because the wall clock was stepped, or the kernel's stamp is missing.
     */
    RTT_FROM_MONOTONIC,
    /** Times the receiver was paused for more than a second. */
    RECEIVER_STALL,
    /** Times the machine slept: its monotonic clock stopped, its boot clock did not. */
    MACHINE_SLEEP,
    /** Cycles that sender or receiver ended early because of an unexpected error. */
    CYCLE_FAILURE
}
