package io.pingagent.zabbix.sender;

import com.google.gson.JsonObject;
import io.pingagent.zabbix.transport.Frame;
import java.nio.charset.StandardCharsets;

/**
 * The request by which a Zabbix agent asks for its checks. Unlike that for values, its answer says what is wrong with a
 * host. For a host that a server does not know it may start autoregistration there, if an action is configured for it.
 * Stateless.
 */
public final class ActiveChecks {

    private ActiveChecks() {}

    /** @param metadata what an autoregistration action may look at */
    public static byte[] request(String host, String metadata) {
        JsonObject request = new JsonObject();
        request.addProperty("request", "active checks");
        request.addProperty("host", host);
        request.addProperty("host_metadata", metadata);
        return Frame.encode(request.toString().getBytes(StandardCharsets.UTF_8), false);
    }
}
