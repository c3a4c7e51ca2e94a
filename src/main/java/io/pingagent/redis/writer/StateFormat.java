package io.pingagent.redis.writer;

import io.pingagent.model.IpAddress;
import java.nio.charset.StandardCharsets;

/** The values that the agent writes, byte for byte as the contract says. Stateless. */
final class StateFormat {

    private static final byte[] SEND_COUNT = ascii("\":{\"SendCount\":");
    private static final byte[] RETURN_COUNT = ascii(",\"ReturnCount\":");
    private static final byte[] IP = ascii(",\"ip\":\"");
    private static final byte[] IN_ERR_LIST = ascii("\",\"InErrList\":");
    private static final byte[] TRUE = ascii("true}");
    private static final byte[] FALSE = ascii("false}");

    private static final byte[] EARLIER_SEND_COUNT = ascii("{\"send_count\":");
    private static final byte[] EARLIER_RETURN_COUNT = ascii(",\"return_count\":");
    private static final byte[] EARLIER_ERR = ascii("\",\"err\":");

    private StateFormat() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

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
