package io.pingagent.model;

/**
 * A name server.
 *
 * @param port 1 to 65535
 */
public record DnsServer(IpAddress address, int port) {

    public static final int DEFAULT_PORT = 53;

    /**
     * Reads {@code address}, {@code IPv4:port} or {@code [IPv6]:port}.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static DnsServer parse(String text) {
        String address = text;
        String port = Integer.toString(DEFAULT_PORT);
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon >= 0 && (text.indexOf(':') == colon || text.startsWith("[") && !text.endsWith("]"));
        if (hasPort) {
            address = text.substring(0, colon);
            port = text.substring(colon + 1);
        }
        if (address.startsWith("[") && address.endsWith("]")) {
            address = address.substring(1, address.length() - 1);
        }
        boolean isNumber = port.length() <= 5 && !port.isEmpty() && port.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!isNumber || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65_535) {
            throw new IllegalArgumentException("port '" + port + "', allowed are 1 to 65535");
        }
        return new DnsServer(Addresses.parse(address), Integer.parseInt(port));
    }

    @Override
    public String toString() {
        return (address.isV6() ? "[" + address + "]" : address.toString()) + ":" + port;
    }
}
