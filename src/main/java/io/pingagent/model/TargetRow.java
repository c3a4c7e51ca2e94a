package io.pingagent.model;

/**
 * One address as a live table shows it.
 *
 * @param address text form
 * @param sent probes settled in the last 60 s
 * @param received replies among them
 * @param lastRttNanos last round-trip time, or -1 if none is known
 * @param avgRttNanos average round-trip time of the replies in the window, or -1 if not known
 * @param inErrList whether it is on the err list
 */
public record TargetRow(
        String address, int sent, int received, long lastRttNanos, long avgRttNanos, boolean inErrList) {

    /** From 0 to 1; 0 while nothing is settled. */
    public double loss() {
        return sent <= 0 ? 0 : Math.max(0, 1 - (double) received / sent);
    }
}
