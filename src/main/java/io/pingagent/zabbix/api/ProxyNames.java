package io.pingagent.zabbix.api;

import com.google.gson.JsonObject;
import io.pingagent.base.OwnedBy;
import io.pingagent.zabbix.api.ApiException.Kind;
import java.util.ArrayList;
import java.util.List;

/** Names of proxies and proxy groups, for messages. */
@OwnedBy("caller")
public final class ProxyNames {

    private final ApiSession session;

    public ProxyNames(ApiSession session) {
        this.session = session;
    }

    /**
     * A proxy or proxy group in words, such as {@code proxy 'Hamburg'}. Without the right to read its name it is named
     * by its id.
     *
     * @param monitor not the server
     * @throws ApiException if Zabbix does not answer
     */
    public String text(FoundHost.Monitor monitor) throws ApiException {
        boolean isGroup = monitor.kind() == FoundHost.Monitor.Kind.PROXY_GROUP;
        String what = isGroup ? "proxy group " : "proxy ";
        String field = isGroup || session.version().hasProxyGroups() ? "name" : "host";
        JsonObject parameters = JsonFields.with("output", JsonFields.texts(field));
        parameters.add(isGroup ? "proxy_groupids" : "proxyids", JsonFields.texts(monitor.id()));
        List<String> names = new ArrayList<>();
        try {
            session.each(
                    isGroup ? "proxygroup.get" : "proxy.get",
                    parameters,
                    proxy -> names.add(JsonFields.text(proxy, field)));
        } catch (ApiException e) {
            if (e.kind() == Kind.AWAY) {
                throw e;
            }
        }
        return names.isEmpty() ? what + monitor.id() : what + "'" + names.get(0) + "'";
    }
}
