package io.pingagent.cli.ping;

import io.pingagent.ping.PingListener.Reply;

/** Writes what {@link FpingOutput} decides to show of probes that are counted. */
interface PingFormat {

    void replied(int row, int probe, Reply reply);

    /** @param wallNanos when it was known, Unix nanoseconds */
    void lost(int row, int probe, long wallNanos);

    /**
     * One line for each row, at the end.
     *
     * @param followLines whether there may have been lines of probes
     */
    void summaries(boolean followLines);

    void statistics(PingResults.Statistics statistics);
}
