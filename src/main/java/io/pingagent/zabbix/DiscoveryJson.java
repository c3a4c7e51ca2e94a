package io.pingagent.zabbix;

import com.google.gson.stream.JsonWriter;
import io.pingagent.model.IpAddress;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Low-level discovery documents, always of the complete list: what is missing counts as lost in Zabbix. Sorted by address, so
 * that the same list is the same text, which Zabbix can then throw away unread.
 */
public final class DiscoveryJson {

    private record Row(IpAddress address, int targetId) {}

    /** A complete list without rows. */
    static final String NONE = "[]";

    private DiscoveryJson() {}

    /** The value of {@link ZabbixKeys#DISCOVERY}. */
    public static String addresses(Targets targets, String agent) {
        return list(targets, agent, false, null);
    }

    /** The value of {@link ZabbixKeys#ERR_LIST_DISCOVERY}. */
    public static String errList(Targets targets, String agent) {
        return list(targets, agent, true, null);
    }

    /**
     * The value of {@link ZabbixKeys#HOSTS_DISCOVERY}.
     *
     * @param host the Zabbix host of the agent
     */
    public static String hosts(Targets targets, String agent, String host) {
        return list(targets, agent, false, host);
    }

    private static String list(Targets targets, String agent, boolean errListOnly, @Nullable String host) {
        List<Row> rows = new ArrayList<>();
        for (int id = 0; id < targets.limit(); id++) {
            if (targets.bridged(id) && (!errListOnly || targets.onErrList(id))) {
                rows.add(new Row(targets.address(id), id));
            }
        }
        rows.sort(Comparator.comparing(Row::address));
        StringWriter text = new StringWriter(rows.size() * 80 + 2);
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginArray();
            for (Row row : rows) {
                json.beginObject();
                json.name("{#IP}").value(row.address.toString());
                json.name("{#GROUP}").value(targets.group(row.targetId));
                json.name("{#JOB}").value(targets.job(row.targetId));
                json.name("{#AGENT}").value(agent);
                if (host != null) {
                    json.name("{#HOST}").value(ZabbixKeys.addressHost(host, row.address.toString()));
                }
                json.endObject();
            }
            json.endArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
