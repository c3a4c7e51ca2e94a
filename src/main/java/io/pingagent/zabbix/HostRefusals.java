package io.pingagent.zabbix;

import io.pingagent.model.ZabbixServer;
import io.pingagent.zabbix.ServerDiagnosis.Kind;

/** What a server says of a host that it does not serve, in words that name the remedy. Stateless. */
final class HostRefusals {

    private static final String MINUTE =
            "; a change takes effect within a minute, behind a proxy of Zabbix 6.0 with the"
                    + " default ConfigFrequency=3600 within an hour";

    private HostRefusals() {}

    /**
     * @param via the server's name, and that of the one that answered for it: what a verb may follow
     * @param info the reason as Zabbix 6.0 and 7.0 give it
     */
    static ServerDiagnosis verdict(ZabbixServer server, String via, String host, String info) {
        String quoted = "'" + host + "'";
        if (info.contains("monitored by a proxy") || info.contains("monitored by proxy")) {
            return wrong(
                    server,
                    via + "leaves host " + quoted + " to a proxy",
                    "name that proxy in zabbix.servers, or all proxies of its group");
        }
        if (info.contains("not found")) {
            return wrong(
                    server,
                    via + "does not know host " + quoted,
                    "create the host with exactly this name, or set zabbix.host; if a proxy monitors it, name the proxy"
                            + " in zabbix.servers" + MINUTE);
        }
        if (info.contains("not monitored")) {
            return wrong(server, via + "does not monitor host " + quoted, "enable the host in Zabbix" + MINUTE);
        }
        if (info.contains("connection of type")) {
            return wrong(
                    server,
                    via + "does not allow this encryption: " + info,
                    "let zabbix.tls-connect be what the host has in Zabbix (Encryption, Connections from host), or allow"
                            + " it there" + MINUTE);
        }
        if (info.contains("PSK identity")) {
            return wrong(
                    server,
                    via + "wants another PSK identity: " + info,
                    "let zabbix.tls-psk-identity be that of the host in Zabbix (Encryption)" + MINUTE);
        }
        if (info.contains("certificate issuer") || info.contains("certificate subject")) {
            return wrong(
                    server,
                    via + "wants another certificate: " + info,
                    "let issuer and subject of the host in Zabbix (Encryption) be those of zabbix.tls-cert-file"
                            + MINUTE);
        }
        return wrong(server, via + "refuses host " + quoted + ": " + info, "look at the host in Zabbix" + MINUTE);
    }

    private static ServerDiagnosis wrong(ZabbixServer server, String found, String remedy) {
        return new ServerDiagnosis(server, Kind.WRONG, found, remedy);
    }
}
