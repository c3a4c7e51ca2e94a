package io.pingagent.model;

/** Which probes have their start taken from the kernel as it transmits them, rather than from the agent just before. */
public enum TransmitStamps {
    /** Each probe at moderate rates; at high ones a sample, from which the others are corrected. */
    AUTO,
    /** Each probe at any rate. */
    ON,
    /** None. */
    OFF
}
