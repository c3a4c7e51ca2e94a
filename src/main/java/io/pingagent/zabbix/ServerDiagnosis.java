package io.pingagent.zabbix;

import io.pingagent.model.ZabbixServer;

/**
 * What a server says to this agent's host.
 *
 * @param server as configured
 * @param kind how it is
 * @param found a sentence that names the server
 * @param remedy what to do; empty when it is well
 */
public record ServerDiagnosis(ZabbixServer server, Kind kind, String found, String remedy) {

    /** How a server is for this agent. */
    public enum Kind {
        /** It takes values of the host. */
        WELL,
        /** Something is configured wrongly, here or in Zabbix. */
        WRONG,
        /** There is no server, or none that answers. */
        AWAY
    }
}
