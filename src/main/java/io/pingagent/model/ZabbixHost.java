package io.pingagent.model;

import io.pingagent.base.OneLine;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A Zabbix host that existed before ping-agent and takes the values of an address. Immutable, any thread.
 *
 * @param name its technical name: 1 to 128 letters, digits, blanks, dots, underscores and minus signs
 */
public record ZabbixHost(String name, Keys keys) {

    /** By which keys a host has its values. */
    public enum Keys {
        /** {@code ping.status}, {@code ping.loss} and so on, of the template "Ping address by Zabbix trapper". */
        PING,
        /** {@code icmpping}, {@code icmppingloss} and {@code icmppingsec}, of the template "ICMP Ping by ping-agent". */
        ICMPPING
    }

    private static final int MAX_NAME = 128;
    /** Neither sign is allowed in the name of a host. */
    private static final String SEPARATOR = ",";

    private static final String ICMPPING_SUFFIX = ";icmpping";

    /** @throws IllegalArgumentException if Zabbix would not take the name */
    public ZabbixHost {
        boolean isAllowed = !name.isEmpty()
                && name.length() <= MAX_NAME
                && name.equals(name.strip())
                && name.chars().allMatch(ZabbixHost::isAllowed);
        if (!isAllowed) {
            throw new IllegalArgumentException("'" + OneLine.of(name, MAX_NAME)
                    + "' is no technical name of a Zabbix host: those have 1 to 128 letters, digits, blanks, dots,"
                    + " underscores and minus signs");
        }
    }

    private static boolean isAllowed(int c) {
        return c >= '0' && c <= '9'
                || c >= 'A' && c <= 'Z'
                || c >= 'a' && c <= 'z'
                || c == '.'
                || c == '_'
                || c == ' '
                || c == '-';
    }

    /**
     * Reads what {@link #format} writes: names separated by commas, {@code ;icmpping} behind those with the official keys.
     *
     * @throws IllegalArgumentException if a name is none, or there is no name at all
     */
    public static List<ZabbixHost> parse(String text) {
        List<ZabbixHost> hosts = new ArrayList<>();
        for (String part : text.split(SEPARATOR, -1)) {
            ZabbixHost host = part.endsWith(ICMPPING_SUFFIX)
                    ? new ZabbixHost(part.substring(0, part.length() - ICMPPING_SUFFIX.length()), Keys.ICMPPING)
                    : new ZabbixHost(part, Keys.PING);
            if (!hosts.contains(host)) {
                hosts.add(host);
            }
        }
        return List.copyOf(hosts);
    }

    /** The text of {@link #parse}, as the hash {@code group-hosts_$GROUP} holds it for each address. */
    public static String format(List<ZabbixHost> hosts) {
        return hosts.stream().map(ZabbixHost::toString).collect(Collectors.joining(SEPARATOR));
    }

    @Override
    public String toString() {
        return keys == Keys.ICMPPING ? name + ICMPPING_SUFFIX : name;
    }
}
