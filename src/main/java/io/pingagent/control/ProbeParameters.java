package io.pingagent.control;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The parameters of {@code ping.probe}, those of Zabbix's own {@code icmpping}: interval and timeout in milliseconds, the
 * size in bytes. Times may also have a unit, {@code 1s} or {@code 500ms}.
 *
 * @param target an address, or a name for this host's resolver
 * @param count probes, 1 to {@value #MOST_COUNT}
 * @param intervalMillis from one probe to the next, {@value #LEAST_INTERVAL_MILLIS} to {@value #MOST_MILLIS}
 * @param sizeBytes of ICMP payload, {@value #LEAST_SIZE} to {@value #MOST_SIZE}
 * @param timeoutMillis how long a probe waits for its reply, {@value #LEAST_TIMEOUT_MILLIS} to {@value #MOST_MILLIS}
 * @param isTimeoutChosen whether the timeout may not be shortened
 */
public record ProbeParameters(
        String target, int count, long intervalMillis, int sizeBytes, long timeoutMillis, boolean isTimeoutChosen) {

    static final int MOST_COUNT = 1_000;
    static final long LEAST_INTERVAL_MILLIS = 20;
    static final long LEAST_TIMEOUT_MILLIS = 10;
    static final long MOST_MILLIS = 60_000;
    static final int LEAST_SIZE = 32;
    static final int MOST_SIZE = 65_487;

    private static final int DEFAULT_COUNT = 3;
    private static final int DEFAULT_SIZE = 56;
    private static final long DEFAULT_MILLIS = 1_000;

    /** Time that is left to the answer's own way. */
    private static final long RESERVE_MILLIS = 100;

    /** @throws ControlException if one is out of its range, or the probes cannot be over in time */
    static ProbeParameters parse(List<String> parameters, long availableMillis) throws ControlException {
        String target = ItemKey.parameter(parameters, 0);
        if (target.isEmpty()) {
            throw new ControlException("no address; write " + ItemKey.PROBE.usage());
        }
        String timeout = ItemKey.parameter(parameters, 4);
        ProbeParameters given = new ProbeParameters(
                target,
                integer("count", ItemKey.parameter(parameters, 1), DEFAULT_COUNT, 1, MOST_COUNT),
                millis("interval", ItemKey.parameter(parameters, 2), LEAST_INTERVAL_MILLIS),
                integer("size", ItemKey.parameter(parameters, 3), DEFAULT_SIZE, LEAST_SIZE, MOST_SIZE),
                millis("timeout", timeout, LEAST_TIMEOUT_MILLIS),
                !timeout.isEmpty());
        return given.within(availableMillis);
    }

    /**
     * The same, over within a time. The default timeout gives way, so that Zabbix's own of 3 s is enough for the defaults.
     *
     * @throws ControlException if that is too little
     */
    public ProbeParameters within(long availableMillis) throws ControlException {
        long sendingMillis = (count - 1) * intervalMillis;
        long leftMillis = availableMillis - RESERVE_MILLIS - sendingMillis;
        if (leftMillis < (isTimeoutChosen ? timeoutMillis : LEAST_TIMEOUT_MILLIS)) {
            throw new ControlException(count + " probes, " + intervalMillis + " ms apart, with a timeout of "
                    + timeoutMillis + " ms take up to " + (sendingMillis + timeoutMillis)
                    + " ms, and this item has " + Math.max(0, availableMillis - RESERVE_MILLIS)
                    + " ms left, of " + MOST_MILLIS / 1_000
                    + " s at most; lower count, interval or timeout, or raise the item's timeout (before Zabbix 7.0: Timeout"
                    + " in zabbix_agent2.conf)");
        }
        return new ProbeParameters(
                target, count, intervalMillis, sizeBytes, Math.min(timeoutMillis, leftMillis), isTimeoutChosen);
    }

    private static int integer(String name, String text, int byDefault, int least, int most) throws ControlException {
        return text.isEmpty() ? byDefault : (int) number(name, text, least, most);
    }

    private static long number(String name, String text, long least, long most) throws ControlException {
        try {
            long value = Long.parseLong(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // The same message.
        }
        throw new ControlException(name + " '" + text + "' is not a whole number from " + least + " to " + most);
    }

    private static long millis(String name, String text, long least) throws ControlException {
        if (text.isEmpty()) {
            return DEFAULT_MILLIS;
        }
        String number = text.toLowerCase(Locale.ROOT);
        long unitMillis = 1;
        if (number.endsWith("ms")) {
            number = number.substring(0, number.length() - 2);
        } else if (number.endsWith("s")) {
            number = number.substring(0, number.length() - 1);
            unitMillis = TimeUnit.SECONDS.toMillis(1);
        }
        try {
            return unitMillis * number(name, number, (least + unitMillis - 1) / unitMillis, MOST_MILLIS / unitMillis);
        } catch (ControlException e) {
            throw new ControlException(
                    name + " '" + text + "' is not from " + least + " to " + MOST_MILLIS
                            + " milliseconds; write a whole number, or one with ms or s",
                    e);
        }
    }
}
