package io.pingagent.cli.trace;

import com.google.gson.stream.JsonWriter;
import io.pingagent.cli.shell.Ansi.Style;
import io.pingagent.cli.shell.Numbers;
import io.pingagent.cli.shell.Table;
import io.pingagent.model.IpAddress;
import io.pingagent.trace.PathJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** {@link TraceStatistics} as a table and as JSON. Stateless. */
final class TraceTable {

    private TraceTable() {}

    /**
     * @param maxHops the highest TTL that was asked
     * @param columns width of the terminal
     * @param names what is shown of an address
     */
    static List<String> lines(
            TraceStatistics statistics, int maxHops, int columns, boolean colours, Function<IpAddress, String> names) {
        Table table = new Table()
                .right("HOP")
                .left("ADDRESS")
                .right("LOSS")
                .right("SENT")
                .right("LAST")
                .right("AVG")
                .right("BEST")
                .right("WORST")
                .right("STDDEV");
        List<HopStatistics> hops = statistics.hops();
        for (int i = 0; i < hops.size(); i++) {
            row(table, statistics.firstHop() + i, hops.get(i), names);
        }
        List<String> lines = new ArrayList<>(table.lines(columns, colours));
        if (statistics.rounds() > 0 && !statistics.isReached()) {
            int last = statistics.firstHop() + hops.size() - 1;
            if (hops.isEmpty()) {
                lines.add("no hop answers");
            } else {
                lines.add(last < maxHops ? "no answer behind hop " + last : "not reached within " + last + " hops");
            }
        }
        return lines;
    }

    private static void row(Table table, int number, HopStatistics hop, Function<IpAddress, String> names) {
        List<IpAddress> addresses = hop.addresses();
        String note = hop.note().isEmpty() ? "" : "  " + hop.note();
        String first = addresses.isEmpty() ? "*" : names.apply(addresses.get(0));
        table.startRow()
                .cell(Integer.toString(number))
                .cell(first + note)
                .cell(Numbers.loss(hop.sent(), hop.received()), style(hop))
                .cell(Integer.toString(hop.sent()))
                .cell(Numbers.millis(hop.lastNanos()))
                .cell(Numbers.millis(hop.averageNanos()))
                .cell(Numbers.millis(hop.bestNanos()))
                .cell(Numbers.millis(hop.worstNanos()))
                .cell(Numbers.millis(hop.deviationNanos()));
        addresses.stream().skip(1).forEach(other -> table.startRow().cell("").cell(names.apply(other)));
    }

    private static Style style(HopStatistics hop) {
        if (hop.received() == hop.sent()) {
            return Style.PLAIN;
        }
        return hop.received() == 0 ? Style.BAD : Style.WARNING;
    }

    /** One document; times in milliseconds, losses from 0 to 1. */
    static void json(JsonWriter out, String target, IpAddress address, TraceStatistics statistics) throws IOException {
        out.beginObject();
        out.name("target").value(target);
        out.name("address").value(address.toString());
        out.name("rounds").value(statistics.rounds());
        out.name("reached").value(statistics.isReached());
        out.name("hops").beginArray();
        List<HopStatistics> hops = statistics.hops();
        for (int i = 0; i < hops.size(); i++) {
            hop(out, statistics.firstHop() + i, hops.get(i));
        }
        out.endArray();
        out.endObject();
    }

    private static void hop(JsonWriter out, int number, HopStatistics hop) throws IOException {
        out.beginObject();
        out.name("hop").value(number);
        out.name("addresses").beginArray();
        for (IpAddress address : hop.addresses()) {
            out.value(address.toString());
        }
        out.endArray();
        if (!hop.note().isEmpty()) {
            out.name("note").value(hop.note());
        }
        out.name("sent").value(hop.sent());
        out.name("received").value(hop.received());
        out.name("loss").value(hop.sent() == 0 ? 0 : 1 - (double) hop.received() / hop.sent());
        millis(out, "lastMs", hop.lastNanos());
        millis(out, "avgMs", hop.averageNanos());
        millis(out, "bestMs", hop.bestNanos());
        millis(out, "worstMs", hop.worstNanos());
        millis(out, "stddevMs", hop.deviationNanos());
        out.endObject();
    }

    private static void millis(JsonWriter out, String name, long nanos) throws IOException {
        if (nanos >= 0) {
            out.name(name).value(PathJson.millis(nanos));
        }
    }
}
