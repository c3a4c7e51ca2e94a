package io.pingagent.cli.ping;

import io.pingagent.model.IpAddress;
import java.util.ArrayList;
import java.util.List;

/** The rows of a ping: what the user called each target, and its address. */
final class PingTargets {

    /** A row; a target that was given as an address keeps no second copy of its text. */
    private record Row(String name, IpAddress address) {}

    private final List<Row> rows = new ArrayList<>();
    private int longestName;

    /** @param name as it is to be shown; empty for the address itself */
    void add(String name, IpAddress address) {
        rows.add(new Row(name, address));
        longestName = Math.max(longestName, name(rows.size() - 1).length());
    }

    int size() {
        return rows.size();
    }

    String name(int row) {
        Row found = rows.get(row);
        return found.name.isEmpty() ? found.address.toString() : found.name;
    }

    /** The name, filled up to the longest, and a colon. */
    StringBuilder appendPadded(StringBuilder line, int row) {
        String name = name(row);
        return line.append(name)
                .append(" ".repeat(Math.max(0, longestName - name.length())))
                .append(" : ");
    }

    IpAddress address(int row) {
        return rows.get(row).address;
    }

    /** In the order of the rows; an address may be there several times. */
    List<IpAddress> addresses() {
        return rows.stream().map(Row::address).toList();
    }
}
