package io.pingagent.redis.writer;

import io.pingagent.base.Utf8;
import io.pingagent.model.IpAddress;

/** The values that the agent writes, byte for byte as the contract says. Stateless. */
final class StateFormat {

    private static final byte[] SEND_COUNT = Utf8.bytes("\":{\"SendCount\":");
    private static final byte[] RETURN_COUNT = Utf8.bytes(",\"ReturnCount\":");
    private static final byte[] IP = Utf8.bytes(",\"ip\":\"");
    private static final byte[] IN_ERR_LIST = Utf8.bytes("\",\"InErrList\":");
    private static final byte[] TRUE = Utf8.bytes("true}");
    private static final byte[] FALSE = Utf8.bytes("false}");

    private static final byte[] EARLIER_SEND_COUNT = Utf8.bytes("{\"send_count\":");
    private static final byte[] EARLIER_RETURN_COUNT = Utf8.bytes(",\"return_count\":");
    private static final byte[] EARLIER_ERR = Utf8.bytes("\",\"err\":");

    private StateFormat() {}

    /**
     * Whole milliseconds, rounded half up, never below 1; or milliseconds with three decimals, rounded half up, never
     * below 0.001.
     */
    static void lastMs(AsciiBuffer out, long rttNanos, boolean decimal) {
        if (decimal) {
            long micros = Math.max(1, (rttNanos + 500) / 1_000);
            out.put(micros / 1_000).put('.').putThreeDigits((int) (micros % 1_000));
        } else {
            out.put(Math.max(1, (rttNanos + 500_000) / 1_000_000));
        }
    }

    /** One member of the status object, without the comma. */
    static void status(AsciiBuffer out, IpAddress address, int sendCount, int returnCount, boolean inErrList) {
        out.put('"')
                .put(address)
                .put(SEND_COUNT)
                .put(sendCount)
                .put(RETURN_COUNT)
                .put(returnCount);
        out.put(IP).put(address).put(IN_ERR_LIST).put(inErrList ? TRUE : FALSE);
    }

    /** The value of the earlier layout's {@code ip_$agent_$ip}. */
    static void perIp(AsciiBuffer out, IpAddress address, int sendCount, int returnCount, boolean inErrList) {
        out.put(EARLIER_SEND_COUNT).put(sendCount).put(EARLIER_RETURN_COUNT).put(returnCount);
        out.put(IP).put(address).put(EARLIER_ERR).put(inErrList ? TRUE : FALSE);
    }
}
