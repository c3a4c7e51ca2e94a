package io.pingagent.model;

/** The counters that an agent publishes in {@code agent-stats_$agent}, in the order in which commands show them. */
public enum PublishedCounter {
    /** Probes sent. */
    SENT("sent", true),
    /** Probes that the kernel refused to send. */
    SEND_ERRORS("sendRefused", "sendErrors", true),
    /** Probes that had to wait for room in this machine's queues. */
    SEND_DEFERRED("sendDeferred", true),
    /** Probes left out because the one before still waited. */
    SEND_OMITTED("sendOmitted", true),
    /** Probes that this machine held in a slow queue for too long; they count as invalidated as well. */
    SEND_HELD("sendHeld", true),
    /** Replies in time. */
    RECEIVED("received", true),
    LOST("lost", true),
    /** Probes that do not count because this machine may have lost the reply. */
    INVALIDATED("invalidated", true),
    /** Probes that do not count because the agent was cut off from its network. */
    CUT_OFF("cutOff", false),
    /** Replies after the timeout. */
    LATE("late", true),
    DUPLICATES("duplicates", true),
    /** ICMP errors that belong to a probe. */
    UNREACHABLE("unreachable", false),
    /** ICMP errors that may be forged. */
    UNPROVEN_ERRORS("unprovenErrors", true),
    /** Packets that found the receive buffer full. */
    KERNEL_DROPS("kernelDrops", true),
    /** Rounds that had to wait for the one before, or were left out. */
    OVERRUNS("overruns", true),
    /** Probes of jobs sent later than a twentieth of their interval after they were due. */
    SENT_LATE("sentLate", true),
    CLOCK_STEPS("clockSteps", false),
    /** Times this process stalled. */
    RECEIVER_STALLS("receiverStalls", true),
    MACHINE_SLEEPS("machineSleeps", true);

    private final String total;
    private final String recent;
    private final boolean isShown;

    PublishedCounter(String name, boolean isShown) {
        this(name, name, isShown);
    }

    PublishedCounter(String total, String recent, boolean isShown) {
        this.total = total;
        this.recent = recent;
        this.isShown = isShown;
    }

    /** Name of the count since the agent's start. */
    public String total() {
        return total;
    }

    /** Name of the count in {@code lately} and {@code lastMinute}. */
    public String recent() {
        return recent;
    }

    /** Whether {@code ping-agent agent show} has it in its table. */
    public boolean isShown() {
        return isShown;
    }
}
