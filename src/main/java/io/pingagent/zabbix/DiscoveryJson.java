package io.pingagent.zabbix;

import com.google.gson.stream.JsonWriter;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import io.pingagent.zabbix.sender.ListDocument;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Low-level discovery documents, always of the complete list: what is missing counts as lost in Zabbix. Sorted by
 * address, so that the same list is the same text, which Zabbix can then discard unread.
 */
public final class DiscoveryJson implements ListDocument {

    private record Row(IpAddress address, int targetId) {}

    /** A complete list without rows. */
    static final ListDocument NONE = out -> out.write("[]");

    /** Ids are at most this long; an IPv4 address is what stands before them in a sorted key. */
    private static final int ID_BITS = 31;

    private final BridgedTargets targets;
    private final String agent;
    /** Null in a short list. */
    private final @Nullable String optIn;

    private final boolean errListOnly;
    private final @Nullable String host;
    private volatile List<Problem> problems = List.of();

    private DiscoveryJson(
            BridgedTargets targets, String agent, @Nullable String optIn, boolean errListOnly, @Nullable String host) {
        this.targets = targets;
        this.agent = agent;
        this.optIn = optIn;
        this.errListOnly = errListOnly;
        this.host = host;
    }

    /**
     * The list that the settings ask for: {@link ZabbixKeys#ERR_LIST_DISCOVERY}, {@link ZabbixKeys#HOSTS_DISCOVERY} or
     * {@link ZabbixKeys#DISCOVERY}.
     */
    public static String text(BridgeSettings settings, BridgedTargets targets, boolean errListOnly) {
        String items = OptInItems.of(settings);
        if (errListOnly) {
            return ofErrList(targets, settings.agent(), items).text();
        }
        return settings.values().hostPerAddress()
                ? ofHosts(targets, settings.agent(), items, settings.host().name())
                        .text()
                : ofAddresses(targets, settings.agent(), items).text();
    }

    /** The value of {@link ZabbixKeys#DISCOVERY}, without items that were opted for. */
    public static String addresses(BridgedTargets targets, String agent) {
        return ofAddresses(targets, agent, "").text();
    }

    /**
     * A list for those who can take only a short text: without {@code {#ITEMS}}, and without {@code {#PARENT}} and macros
     * of labels where no address has any.
     */
    public static String shortest(BridgedTargets targets, String agent) {
        return new DiscoveryJson(targets, agent, null, false, null).text();
    }

    /** @param optIn of {@link OptInItems} */
    static ListDocument ofAddresses(BridgedTargets targets, String agent, String optIn) {
        return new DiscoveryJson(targets, agent, optIn, false, null);
    }

    static ListDocument ofErrList(BridgedTargets targets, String agent, String optIn) {
        return new DiscoveryJson(targets, agent, optIn, true, null);
    }

    /** @param host the Zabbix host of the agent */
    static ListDocument ofHosts(BridgedTargets targets, String agent, String optIn, String host) {
        return new DiscoveryJson(targets, agent, optIn, false, host);
    }

    /** Names that Zabbix cannot take, as of the last writing. */
    @Override
    public List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** A row is made when it is written: only the order is kept, and of IPv4 only in numbers. */
    @Override
    public void writeTo(Writer out) throws IOException {
        int limit = targets.limit();
        long[] v4 = new long[limit];
        int v4Count = 0;
        List<Row> v6 = new ArrayList<>();
        for (int id = 0; id < limit; id++) {
            if (isListed(id)) {
                IpAddress address = targets.address(id);
                if (address.isV6()) {
                    v6.add(new Row(address, id));
                } else {
                    v4[v4Count++] = address.low() << ID_BITS | id;
                }
            }
        }
        Arrays.sort(v4, 0, v4Count);
        v6.sort(Comparator.comparing(Row::address));
        write(out, v4, v4Count, v6);
    }

    /** Addresses that have hosts of their own are found there, and nobody wants them twice. */
    private boolean isListed(int id) {
        return targets.bridged(id) && targets.hosts(id).isEmpty() && (!errListOnly || targets.onErrList(id));
    }

    private void write(Writer out, long[] v4, int v4Count, List<Row> v6) throws IOException {
        LldNames names = new LldNames(agent, host != null);
        LabelMacros labels = new LabelMacros(targets, names);
        JsonWriter json = new JsonWriter(out);
        json.beginArray();
        for (int i = 0; i < v4Count; i++) {
            row(json, names, labels, IpAddress.v4((int) (v4[i] >>> ID_BITS)), (int) (v4[i] & ((1L << ID_BITS) - 1)));
        }
        for (Row row : v6) {
            row(json, names, labels, row.address, row.targetId);
        }
        json.endArray();
        json.flush();
        List<Problem> found = new ArrayList<>(names.problems());
        found.addAll(labels.problems());
        problems = List.copyOf(found);
    }

    private void row(JsonWriter json, LldNames names, LabelMacros labels, IpAddress address, int targetId)
            throws IOException {
        String ip = address.toString();
        json.beginObject();
        json.name("{#IP}").value(ip);
        json.name("{#GROUP}").value(names.group(targets.group(targetId)));
        json.name("{#JOB}").value(names.job(targets.job(targetId)));
        json.name("{#AGENT}").value(names.agent());
        labels.write(json, address, targets.labels(targetId), optIn == null);
        json.name("{#WHO}").value(names.who(targets.labels(targetId).name(), ip));
        if (optIn != null) {
            json.name("{#ITEMS}").value(optIn);
        }
        if (host != null) {
            json.name("{#HOST}").value(ZabbixKeys.addressHost(host, ip));
        }
        json.endObject();
    }
}
