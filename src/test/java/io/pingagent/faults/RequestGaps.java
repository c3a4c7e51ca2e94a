package io.pingagent.faults;

import static io.pingagent.faults.FaultResult.seconds;

import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.testkit.TunResponder;
import java.util.List;
import java.util.Map;

/**
 * The longest time between two requests for the same address, as the responder saw them.
 *
 * @param where address, and how long after the beginning of what was looked at; empty if there was no gap
 */
record RequestGaps(long longestNanos, String where) {

    /** Between requests for the same address, from the beginning to the first one, and from the last one to the end. */
    static RequestGaps between(TunResponder responder, List<String> addresses, long fromNanos, long untilNanos) {
        Map<IpAddress, long[]> times = responder.requestTimes();
        long longestNanos = 0;
        String where = "";
        for (String address : addresses) {
            long beforeNanos = fromNanos;
            long[] some = times.getOrDefault(Addresses.parse(address), new long[0]);
            for (int i = 0; i <= some.length; i++) {
                long timeNanos = i < some.length ? some[i] : untilNanos;
                if (timeNanos - fromNanos < 0 || timeNanos - untilNanos > 0) {
                    continue;
                }
                if (timeNanos - beforeNanos > longestNanos) {
                    longestNanos = timeNanos - beforeNanos;
                    where = address + " from " + seconds(beforeNanos - fromNanos);
                }
                beforeNanos = timeNanos;
            }
        }
        return new RequestGaps(longestNanos, where);
    }
}
