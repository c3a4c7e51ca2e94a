package io.pingagent.agent.control;

import io.pingagent.agent.catalogue.LabelBook;
import io.pingagent.control.AddressFigures;
import io.pingagent.model.IpAddress;
import io.pingagent.model.TargetLabels;
import io.pingagent.model.ZabbixHost;
import io.pingagent.zabbix.BridgedTargets;
import io.pingagent.zabbix.DiscoveryJson;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of an answer as the discovery list wants to read them. Immutable. */
final class DiscoveryRows implements BridgedTargets {

    private final List<AddressFigures> rows;
    private final LabelBook labels;

    private DiscoveryRows(List<AddressFigures> rows, LabelBook labels) {
        this.rows = rows;
        this.labels = labels;
    }

    /** Null if there are too many rows to have a list. */
    static @Nullable String json(@Nullable List<AddressFigures> rows, LabelBook labels, String agent) {
        return rows == null ? null : DiscoveryJson.shortest(new DiscoveryRows(rows, labels), agent);
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public long version() {
        return 1;
    }

    @Override
    public int limit() {
        return rows.size();
    }

    @Override
    public boolean bridged(int targetId) {
        return true;
    }

    @Override
    public IpAddress address(int targetId) {
        return rows.get(targetId).address();
    }

    @Override
    public String group(int targetId) {
        return orEmpty(rows.get(targetId).group());
    }

    @Override
    public String job(int targetId) {
        return orEmpty(rows.get(targetId).job());
    }

    @Override
    public TargetLabels labels(int targetId) {
        return labels.of(rows.get(targetId).address());
    }

    private static String orEmpty(@Nullable String name) {
        return name == null ? "" : name;
    }

    /** Whoever asks finds every address here, whatever hosts take its values by trapper. */
    @Override
    public List<ZabbixHost> hosts(int targetId) {
        return List.of();
    }

    @Override
    public boolean mayTakeValues(String hostName) {
        return true;
    }

    @Override
    public boolean onErrList(int targetId) {
        return rows.get(targetId).errListed();
    }
}
