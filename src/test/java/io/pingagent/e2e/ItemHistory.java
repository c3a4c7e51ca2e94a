package io.pingagent.e2e;

import io.pingagent.testkit.ZabbixStack;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The numbers in a host's history, read from the database itself. Immutable. */
final class ItemHistory {

    /**
     * A stored value.
     *
     * @param stampNanos clock and ns, Unix nanoseconds
     */
    record Row(long stampNanos, BigDecimal value) {}

    private final Map<String, List<Row>> rows = new TreeMap<>();
    private final String counts;

    private ItemHistory(String lines, String counts) {
        lines.lines().forEach(line -> {
            // Keys hold no bar.
            String[] columns = line.split("\\|", -1);
            long stampNanos = Long.parseLong(columns[1]) * 1_000_000_000L + Integer.parseInt(columns[2]);
            rows.computeIfAbsent(columns[0], key -> new ArrayList<>())
                    .add(new Row(stampNanos, new BigDecimal(columns[3])));
        });
        this.counts = counts;
    }

    /** All of it, or of the keys that a pattern of SQL's LIKE describes: {@code ping.loss[%}. */
    static ItemHistory of(ZabbixStack zabbix, String hostId, String like) {
        String all =
                "select i.key_, h.clock, h.ns, h.value from items i join TABLE h on h.itemid = i.itemid where i.hostid = "
                        + hostId + " and i.key_ like '" + like + "'";
        String lines = zabbix.sql("select * from (" + all.replace("TABLE", "history") + " union all "
                + all.replace("TABLE", "history_uint") + ") a order by 1, 2, 3");
        String doubles = "select count(*), count(distinct (itemid, clock, ns)) from ";
        return new ItemHistory(lines, zabbix.sql(doubles + "history; " + doubles + "history_uint"));
    }

    /** Values of an item, oldest first. */
    List<Row> of(String key) {
        return rows.getOrDefault(key, List.of());
    }

    /** Keys that have values. */
    List<String> keys() {
        return List.copyOf(rows.keySet());
    }

    long size() {
        return rows.values().stream().mapToLong(List::size).sum();
    }

    /** Rows of the whole server that share item, clock and ns with another. */
    long doubled() {
        long doubled = 0;
        for (String line : counts.lines().toList()) {
            String[] columns = line.split("\\|", -1);
            doubled += Long.parseLong(columns[0]) - Long.parseLong(columns[1]);
        }
        return doubled;
    }

    static String key(String item, String address) {
        return item + "[\"" + address + "\"]";
    }
}
