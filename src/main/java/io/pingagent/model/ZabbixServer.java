package io.pingagent.model;

import io.pingagent.base.OneLine;

/**
 * A Zabbix server or proxy.
 *
 * @param host a name or an address, IPv6 without brackets
 * @param port of the trapper, 1 to 65535
 */
public record ZabbixServer(String host, int port) {

    public static final int DEFAULT_PORT = 10_051;
    private static final int MAX_HOST_LENGTH = 255;

    public ZabbixServer {
        if (host.isEmpty() || host.length() > MAX_HOST_LENGTH || !host.chars().allMatch(ZabbixServer::isAllowed)) {
            throw new IllegalArgumentException("not a host: " + OneLine.of(host, MAX_HOST_LENGTH));
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + ", allowed are 1 to 65535");
        }
    }

    /**
     * Reads {@code host}, {@code host:port}, {@code [IPv6]:port} or a bare IPv6 address.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static ZabbixServer parse(String text) {
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            if (end > 0 && end == text.length() - 1) {
                return new ZabbixServer(text.substring(1, end), DEFAULT_PORT);
            }
            if (end > 0 && text.charAt(end + 1) == ':') {
                return new ZabbixServer(text.substring(1, end), Integer.parseInt(text.substring(end + 2)));
            }
            throw new IllegalArgumentException("not an address: " + OneLine.of(text, MAX_HOST_LENGTH));
        }
        int colon = text.indexOf(':');
        if (colon < 0 || text.indexOf(':', colon + 1) >= 0) {
            return new ZabbixServer(text, DEFAULT_PORT);
        }
        return new ZabbixServer(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    /** Of a name, or of an address with its zone. */
    private static boolean isAllowed(int c) {
        return c > ' ' && c < 0x7f && c != '[' && c != ']';
    }

    /** Whether it is on this machine, as far as the name says. */
    public boolean isLocal() {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
