package io.pingagent.zabbix;

import io.pingagent.model.AddressStatus;
import io.pingagent.model.Problem;
import io.pingagent.model.ZabbixHost;
import io.pingagent.model.ZabbixValue;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns an {@link IntervalRow} into the values that Zabbix gets. */
final class ValueFormat {

    /** A text that a problem's event shows; whoever wants all of them asks {@code status}. */
    private static final int MOST_PROBLEMS = 5;

    /** {@code max(/ICMP Ping/icmpping,#3)=0} */
    private static final int VALUES_OF_OFFICIAL_TRIGGER = 3;

    private static final List<AddressItem> QUANTILES = Arrays.stream(AddressItem.values())
            .filter(item -> item.percent() > 0)
            .toList();

    private final String host;
    private final Set<AddressItem> items;
    private final int downAfter;
    private final int upAfter;
    private final boolean hostPerAddress;

    ValueFormat(BridgeSettings settings) {
        this.host = settings.host().name();
        this.items = settings.values().items();
        this.downAfter = settings.thresholds().downAfter();
        this.upAfter = settings.thresholds().upAfter();
        this.hostPerAddress = settings.values().hostPerAddress();
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

    /** Zabbix's own {@code icmpping} knows 0 and 1 only. It keeps its last value while a parent is dead. */
    void status(AddressHosts addressee, AddressStatus status, long wallNanos, List<ZabbixValue> to) {
        AddressHosts knowing = status == AddressStatus.BEHIND_DEAD_PARENT ? addressee.withoutOfficial() : addressee;
        if (knowing != null) {
            add(AddressItem.STATUS, knowing, Integer.toString(status.number()), wallNanos, to);
        }
    }

    /**
     * A status that has just changed. The trigger of Zabbix's own template "ICMP Ping" wants to see three values of 0,
     * one for each failed check. Three lost probes make an address down, so three it gets, a nanosecond apart.
     */
    void changed(AddressHosts addressee, AddressStatus now, long wallNanos, List<ZabbixValue> to) {
        if (now == AddressStatus.DOWN) {
            for (int before = VALUES_OF_OFFICIAL_TRIGGER - 1; before > 0; before--) {
                official(AddressItem.STATUS, addressee, "0", wallNanos - before, to);
            }
        }
        status(addressee, now, wallNanos, to);
    }

    /** How the address was not reached. */
    void path(AddressHosts addressee, String text, long wallNanos, List<ZabbixValue> to) {
        add(AddressItem.PATH, addressee, text, wallNanos, to);
    }

    /** Nothing is lost any more. */
    void noLoss(AddressHosts addressee, long wallNanos, List<ZabbixValue> to) {
        add(AddressItem.LOSS, addressee, "0", wallNanos, to);
    }

    /** The status that a row shows, or null if it is too short for one that was never judged. */
    @Nullable
    AddressStatus status(IntervalRow row) {
        return switch (row.status) {
            case UP -> AddressStatus.UP;
            case DOWN -> AddressStatus.DOWN;
            case UNKNOWN -> {
                if (row.received == 0 && row.sent >= downAfter) {
                    yield AddressStatus.DOWN;
                }
                // It answers, though never so often in a row, and loses, though never so much.
                yield row.received >= upAfter ? AddressStatus.UP : null;
            }
        };
    }

    /** All values of a row; none without a settled probe, no round-trip times without a reply. */
    void row(AddressHosts addressee, IntervalRow row, List<ZabbixValue> to) {
        row(addressee, row, status(row), to);
    }

    /** @param status null if none is to be sent */
    void row(AddressHosts addressee, IntervalRow row, @Nullable AddressStatus status, List<ZabbixValue> to) {
        if (row.sent == 0) {
            return;
        }
        if (status != null) {
            status(addressee, status, row.lastWallNanos, to);
        }
        add(AddressItem.LOSS, addressee, decimal(row.lossPercent()), row.lastWallNanos, to);
        if (row.received == 0) {
            noReply(addressee, row.lastWallNanos, to);
            return;
        }
        long wallNanos = row.lastReplyWallNanos;
        add(AddressItem.RTT, addressee, seconds(mean(row.rttSumNanos, row.received)), wallNanos, to);
        add(AddressItem.RTT_MIN, addressee, seconds(row.rttMinNanos), wallNanos, to);
        add(AddressItem.RTT_MAX, addressee, seconds(row.rttMaxNanos), wallNanos, to);
        if (row.jitterCount > 0) {
            add(AddressItem.JITTER, addressee, seconds(mean(row.jitterSumNanos, row.jitterCount)), wallNanos, to);
        }
        optional(addressee, row, to);
    }

    /** What was asked for beyond that, with the stamp of the newest reply. */
    private void optional(AddressHosts addressee, IntervalRow row, List<ZabbixValue> to) {
        for (AddressItem item : QUANTILES) {
            if (row.quantileNanos(item) >= 0) {
                add(item, addressee, seconds(row.quantileNanos(item)), row.lastReplyWallNanos, to);
            }
        }
        if (row.stddevNanos >= 0) {
            add(AddressItem.RTT_STDDEV, addressee, seconds(row.stddevNanos), row.lastReplyWallNanos, to);
        }
        if (row.hopLimit >= 0) {
            add(AddressItem.TTL, addressee, Integer.toString(row.hopLimit), row.lastReplyWallNanos, to);
        }
    }

    private static long mean(long sum, long count) {
        return (sum + count / 2) / count;
    }

    /** Zabbix's own {@code icmppingsec} is 0 where nothing answers; {@code ping.rtt} has no value then. */
    private void noReply(AddressHosts addressee, long wallNanos, List<ZabbixValue> to) {
        official(AddressItem.RTT, addressee, "0", wallNanos, to);
    }

    /** Only to hosts that have Zabbix's own keys. */
    private void official(
            AddressItem item, AddressHosts addressee, String value, long wallNanos, List<ZabbixValue> to) {
        String key = item.officialKey();
        if (key == null || !items.contains(item)) {
            return;
        }
        for (ZabbixHost existing : addressee.hosts()) {
            if (existing.keys() == ZabbixHost.Keys.ICMPPING) {
                to.add(ZabbixValue.at(existing.name(), key, value, wallNanos));
            }
        }
    }

    private void add(AddressItem item, AddressHosts addressee, String value, long wallNanos, List<ZabbixValue> to) {
        if (!items.contains(item)) {
            return;
        }
        for (ZabbixHost existing : addressee.hosts()) {
            String key = existing.keys() == ZabbixHost.Keys.ICMPPING ? item.officialKey() : item.key();
            if (key != null) {
                to.add(ZabbixValue.at(existing.name(), key, value, wallNanos));
            }
        }
        if (addressee.hosts().isEmpty()) {
            to.add(
                    hostPerAddress
                            ? ZabbixValue.at(ZabbixKeys.addressHost(host, addressee.ip()), item.key(), value, wallNanos)
                            : ZabbixValue.at(host, item.key(addressee.ip()), value, wallNanos));
        }
    }

    /** One of the agent's own values. */
    ZabbixValue agent(AgentItem item, String value, long wallNanos) {
        return ZabbixValue.at(host, item.key(), value, wallNanos);
    }
}
