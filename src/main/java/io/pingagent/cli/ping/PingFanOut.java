package io.pingagent.cli.ping;

import io.pingagent.model.IpAddress;
import io.pingagent.ping.PingListener;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Lets several rows share an address: each address is probed once, and every row that stands for it hears of the result.
 * Most pings have no such rows and pay nothing.
 */
final class PingFanOut {

    private static final int[] NONE = {};

    private final List<IpAddress> addresses = new ArrayList<>();

    /** By index of the address: its first row. */
    private final List<Integer> firstRow = new ArrayList<>();

    /** By index of the address: further rows, where there are any. */
    private final Map<Integer, int[]> furtherRows = new HashMap<>();

    private final boolean identity;

    PingFanOut(PingTargets targets) {
        Map<IpAddress, Integer> indexes = new HashMap<>(targets.size() * 2);
        for (int row = 0; row < targets.size(); row++) {
            IpAddress address = targets.address(row);
            Integer before = indexes.putIfAbsent(address, addresses.size());
            if (before == null) {
                addresses.add(address);
                firstRow.add(row);
            } else {
                int[] rows = furtherRows.getOrDefault(before, NONE);
                int[] more = Arrays.copyOf(rows, rows.length + 1);
                more[rows.length] = row;
                furtherRows.put(before, more);
            }
        }
        identity = addresses.size() == targets.size();
    }

    /** The distinct addresses, in the order of their first rows. */
    List<IpAddress> addresses() {
        return addresses;
    }

    /** @param byRow takes events of rows; what is returned takes events of addresses */
    PingListener toRows(PingListener byRow) {
        return identity ? byRow : new Spread(byRow);
    }

    /** Hands each event of an address to all its rows. */
    private final class Spread implements PingListener {

        private final PingListener byRow;

        Spread(PingListener byRow) {
            this.byRow = byRow;
        }

        @Override
        public void replied(int target, int probe, Reply reply) {
            eachRow(target, row -> byRow.replied(row, probe, reply));
        }

        @Override
        public void lost(int target, int probe, long wallNanos) {
            eachRow(target, row -> byRow.lost(row, probe, wallNanos));
        }

        @Override
        public void duplicate(int target, int probe, int icmpBytes, long rttNanos) {
            eachRow(target, row -> byRow.duplicate(row, probe, icmpBytes, rttNanos));
        }

        @Override
        public void icmpError(int target, int probe, String reason, IpAddress from) {
            eachRow(target, row -> byRow.icmpError(row, probe, reason, from));
        }

        @Override
        public void sendFailed(int target, int probe, String reason) {
            eachRow(target, row -> byRow.sendFailed(row, probe, reason));
        }

        @Override
        public void invalidated(int target, int probe) {
            eachRow(target, row -> byRow.invalidated(row, probe));
        }

        @Override
        public void passed(long nanos) {
            byRow.passed(nanos);
        }

        private void eachRow(int target, IntConsumer action) {
            action.accept(firstRow.get(target));
            for (int row : furtherRows.getOrDefault(target, NONE)) {
                action.accept(row);
            }
        }
    }
}
