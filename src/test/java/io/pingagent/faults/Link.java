package io.pingagent.faults;

import io.pingagent.testkit.NetworkNamespace;
import java.io.IOException;

/**
 * A pair of devices between the agent's host (end 1) and the router (end 2), IPv4 10.N.0.1 and .2, IPv6 fd00:N::1 and ::2.
 * Neighbours are permanent unless {@link #resolved}: the kernel's table is shared by all namespaces, and a row that fills
 * it must not disturb the others. Any thread, one at a time.
 */
final class Link {

    private final NetworkNamespace host;
    private final NetworkNamespace router;
    private final String device;
    private final int number;
    private boolean isResolved;

    Link(NetworkNamespace host, NetworkNamespace router, String device, int number) {
        this.host = host;
        this.router = router;
        this.device = device;
        this.number = number;
    }

    /** Neighbours are asked for, and soon asked again: a dead one is noticed within a few seconds. */
    Link resolved() {
        isResolved = true;
        return this;
    }

    String device() {
        return device;
    }

    /** The host's. */
    String ownAddress() {
        return "10." + number + ".0.1";
    }

    String gateway() {
        return "10." + number + ".0.2";
    }

    String gatewayV6() {
        return "fd00:" + number + "::2";
    }

    /** Makes the pair, with addresses; routes are {@link #route}'s. */
    void make() throws IOException {
        host.check(
                "ip",
                "link",
                "add",
                device,
                "address",
                mac(1),
                "type",
                "veth",
                "peer",
                "name",
                device,
                "address",
                mac(2),
                "netns",
                router.name());
        up(router, 2, 1);
        up();
    }

    /** Sets the host's end up, with addresses and neighbours, which it loses when it is down. */
    void up() throws IOException {
        up(host, 1, 2);
    }

    private void up(NetworkNamespace end, int own, int other) throws IOException {
        StringBuilder script = new StringBuilder();
        line(script, "ip link set " + device + " up");
        line(script, "echo 0 >/proc/sys/net/ipv4/conf/" + device + "/rp_filter");
        line(script, "ip address replace 10." + number + ".0." + own + "/16 dev " + device);
        line(script, "ip address replace fd00:" + number + "::" + own + "/64 dev " + device + " nodad");
        if (isResolved) {
            for (String version : new String[] {"ipv4", "ipv6"}) {
                String neighbours = "/proc/sys/net/" + version + "/neigh/" + device + "/";
                line(script, "echo 2000 >" + neighbours + "base_reachable_time_ms");
                line(script, "echo 1 >" + neighbours + "delay_first_probe_time");
            }
        } else {
            String permanent = " lladdr " + mac(other) + " dev " + device + " nud permanent";
            line(script, "ip neigh replace 10." + number + ".0." + other + permanent);
            line(script, "ip neigh replace fd00:" + number + "::" + other + permanent);
        }
        end.check("sh", "-ec", script.toString());
    }

    /** Gives the router's end a link-local address. */
    void linkLocal(String address) throws IOException {
        router.check("ip", "address", "replace", address + "/64", "dev", device, "nodad");
    }

    /** Sets the host's end down. */
    void down() throws IOException {
        host.check("ip", "link", "set", device, "down");
    }

    /** Removes both ends. */
    void delete() throws IOException {
        host.check("ip", "link", "delete", device);
    }

    /** Leads networks of the host over this link; {@code default} is IPv4. */
    void route(String... networks) throws IOException {
        for (String network : networks) {
            boolean isV6 = network.indexOf(':') >= 0;
            host.check(
                    "ip",
                    isV6 ? "-6" : "-4",
                    "route",
                    "replace",
                    network,
                    "via",
                    isV6 ? gatewayV6() : gateway(),
                    "dev",
                    device);
        }
    }

    /** The router's end neither hears nor answers anything any more, ARP included, while the carrier stays. */
    void routerDies() throws IOException {
        router.check(
                "nft",
                "table netdev dead_" + device + " { chain ingress { type filter hook ingress device \"" + device
                        + "\" priority 0; policy drop; }\n}\n");
    }

    void routerLives() throws IOException {
        router.check("nft", "delete table netdev dead_" + device);
    }

    private String mac(int end) {
        return String.format(java.util.Locale.ROOT, "02:00:00:00:%02x:%02x", number, end);
    }

    private static void line(StringBuilder script, String line) {
        script.append(line).append('\n');
    }
}
