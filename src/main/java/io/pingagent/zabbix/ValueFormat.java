package io.pingagent.zabbix;

import io.pingagent.model.Problem;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Rows to values. */
final class ValueFormat {

    /** A text that a problem's event shows; whoever wants all of them asks {@code status}. */
    private static final int MOST_PROBLEMS = 5;

    private final String host;
    private final Set<AddressItem> items;
    private final int downAfter;
    private final int upAfter;
    private final boolean hostPerAddress;

    ValueFormat(BridgeSettings settings) {
        this.host = settings.host();
        this.items = settings.items();
        this.downAfter = settings.downAfter();
        this.upAfter = settings.upAfter();
        this.hostPerAddress = settings.hostPerAddress();
    }

    /** Seconds, exact to the nanosecond, without exponent or trailing zeros. */
    static String seconds(long nanos) {
        return plain(BigDecimal.valueOf(nanos, 9));
    }

    /** Four decimals at most. */
    static String decimal(double value) {
        return plain(BigDecimal.valueOf(Math.round(value * 10_000), 4));
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    /** One line each, the first few, and how many more there are. */
    static String problems(List<Problem> problems) {
        if (problems.isEmpty()) {
            return "none";
        }
        String first =
                problems.stream().limit(MOST_PROBLEMS).map(Problem::toString).collect(Collectors.joining("\n"));
        int more = problems.size() - MOST_PROBLEMS;
        return more <= 0 ? first : first + "\n" + more + " more, see 'ping-agent status'";
    }

    void status(String ip, boolean up, long wallNanos, List<ZabbixValue> to) {
        add(AddressItem.STATUS, ip, up ? "1" : "0", wallNanos, to);
    }

    /** Nothing is lost any more. */
    void noLoss(String ip, long wallNanos, List<ZabbixValue> to) {
        add(AddressItem.LOSS, ip, "0", wallNanos, to);
    }

    /** All values of a row; none without a settled probe, no round-trip times without a reply. */
    void row(String ip, IntervalRow row, List<ZabbixValue> to) {
        row(ip, row, true, to);
    }

    /** @param withStatus false if the status has been told with the row's own stamp */
    void row(String ip, IntervalRow row, boolean withStatus, List<ZabbixValue> to) {
        if (row.sent == 0) {
            return;
        }
        if (withStatus && row.status != ValueCollector.Status.UNKNOWN) {
            status(ip, row.status == ValueCollector.Status.UP, row.lastWallNanos, to);
        } else if (withStatus && row.received == 0 && row.sent >= downAfter) {
            status(ip, false, row.lastWallNanos, to);
        } else if (withStatus && row.received >= upAfter) {
            // It answers, though never so often in a row, and loses, though never so much.
            status(ip, true, row.lastWallNanos, to);
        }
        add(AddressItem.LOSS, ip, decimal(row.lossPercent()), row.lastWallNanos, to);
        if (row.received == 0) {
            return;
        }
        long wallNanos = row.lastReplyWallNanos;
        add(AddressItem.RTT, ip, seconds(mean(row.rttSumNanos, row.received)), wallNanos, to);
        add(AddressItem.RTT_MIN, ip, seconds(row.rttMinNanos), wallNanos, to);
        add(AddressItem.RTT_MAX, ip, seconds(row.rttMaxNanos), wallNanos, to);
        if (row.jitterCount > 0) {
            add(AddressItem.JITTER, ip, seconds(mean(row.jitterSumNanos, row.jitterCount)), wallNanos, to);
        }
    }

    private static long mean(long sum, long count) {
        return (sum + count / 2) / count;
    }

    private void add(AddressItem item, String ip, String value, long wallNanos, List<ZabbixValue> to) {
        if (items.contains(item)) {
            to.add(
                    hostPerAddress
                            ? ZabbixValue.at(ZabbixKeys.addressHost(host, ip), item.key(), value, wallNanos)
                            : ZabbixValue.at(host, item.key(ip), value, wallNanos));
        }
    }

    /** One of the agent's own values. */
    ZabbixValue agent(AgentItem item, String value, long wallNanos) {
        return ZabbixValue.at(host, item.key(), value, wallNanos);
    }
}
