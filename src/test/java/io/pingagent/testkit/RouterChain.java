package io.pingagent.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Three routers in a row, each in a {@link NetworkNamespace}, between a prober and a machine that answers for whole networks.
 * Routers answer every packet whose TTL ends, as fast as they come.
 *
 * <p>The hops: 10.7.1.2, 10.7.2.2, 10.7.3.2, then any address of {@value #V4_NETWORK}; and fd00:7:1::2, fd00:7:2::2,
 * fd00:7:3::2, then any of {@value #V6_NETWORK}. One thread.
 */
public final class RouterChain implements AutoCloseable {

    public static final String V4_NETWORK = "10.77.0.0/16";
    public static final String V6_NETWORK = "fd00:77::/64";

    private static final String V4_TARGET = "10.77.255.1";
    private static final String V6_TARGET = "fd00:77::ffff";
    private static final int ROUTERS = 3;
    private static final int ANSWER_MILLIS = 300;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Opened open = new Opened();
    private final List<NetworkNamespace> all = new ArrayList<>();

    /** Ask {@link Requires#networkNamespaces()} and {@link Requires#nft()} first. */
    public RouterChain() {
        try {
            for (int i = 0; i <= ROUTERS + 1; i++) {
                all.add(open.add(NetworkNamespace.create("hop" + i)));
            }
            for (int i = 0; i <= ROUTERS; i++) {
                connect(i);
            }
            for (int i = 0; i < all.size(); i++) {
                route(i);
            }
            NetworkNamespace target = all.get(ROUTERS + 1);
            target.check("ip", "route", "add", "local", V4_NETWORK, "dev", "lo");
            target.check("ip", "-6", "route", "add", "local", V6_NETWORK, "dev", "lo");
            awaitAnswers();
        } catch (IOException e) {
            open.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            open.close();
            throw e;
        }
    }

    private void connect(int left) throws IOException {
        int number = left + 1;
        String device = "h" + number;
        NetworkNamespace from = all.get(left);
        NetworkNamespace to = all.get(number);
        from.connect(device, "10.7." + number + ".1/24", to, "10.7." + number + ".2/24");
        from.check("ip", "address", "add", "fd00:7:" + number + "::1/64", "dev", device, "nodad");
        to.check("ip", "address", "add", "fd00:7:" + number + "::2/64", "dev", device, "nodad");
    }

    /**
     * The kernel notices the carrier of a new device up to a second later, and until its link-local address is no longer
     * tentative a router asks for no IPv6 neighbour (RFC 4862, section 5.4).
     */
    private void awaitAnswers() throws IOException {
        List<String> ends = new ArrayList<>(List.of(V4_TARGET, V6_TARGET));
        for (int router = 1; router <= ROUTERS; router++) {
            ends.add("10.7." + router + ".2");
            ends.add("fd00:7:" + router + "::2");
        }
        long startNanos = System.nanoTime();
        for (String end : ends) {
            while (!prober().call(() -> InetAddress.getByName(end).isReachable(ANSWER_MILLIS))) {
                if (System.nanoTime() - startNanos > PATIENCE_NANOS) {
                    throw new IOException("the chain of routers does not reach " + end);
                }
            }
        }
    }

    private void route(int index) throws IOException {
        NetworkNamespace here = all.get(index);
        // A limit of 0 would empty the bucket that IPv4's unreachable routes share with time exceeded (inet_peer): no
        // mask.
        here.check(
                "sh",
                "-ec",
                "cd /proc/sys/net; echo 1 >ipv4/ip_forward; echo 1 >ipv6/conf/all/forwarding;"
                        + " echo 0 >ipv4/icmp_ratemask; echo 0 >ipv6/icmp/ratelimit");
        if (index <= ROUTERS) {
            here.check("ip", "route", "add", "default", "via", "10.7." + (index + 1) + ".2");
            here.check("ip", "-6", "route", "add", "default", "via", "fd00:7:" + (index + 1) + "::2");
        }
        for (int network = 1; network < index; network++) {
            here.check("ip", "route", "add", "10.7." + network + ".0/24", "via", "10.7." + index + ".1");
            here.check("ip", "-6", "route", "add", "fd00:7:" + network + "::/64", "via", "fd00:7:" + index + "::1");
        }
    }

    /** Where probes start. */
    public NetworkNamespace prober() {
        return all.get(0);
    }

    /** @param number 1 to 3, as its hop */
    public NetworkNamespace router(int number) {
        return all.get(number);
    }

    /** A router forwards nothing to these any more; it still answers itself. */
    public void drop(int router, List<String> addresses) throws IOException {
        List<String> v4 =
                addresses.stream().filter(address -> address.indexOf(':') < 0).toList();
        List<String> v6 =
                addresses.stream().filter(address -> address.indexOf(':') >= 0).toList();
        StringBuilder rules =
                new StringBuilder("table inet drops { chain forward { type filter hook forward priority 0; ");
        if (!v4.isEmpty()) {
            rules.append("ip daddr { ").append(String.join(", ", v4)).append(" } drop; ");
        }
        if (!v6.isEmpty()) {
            rules.append("ip6 daddr { ").append(String.join(", ", v6)).append(" } drop; ");
        }
        router(router).check("nft", rules + "}\n}\n");
    }

    /** It forwards everything again. */
    public void forwardAll(int router) throws IOException {
        router(router).check("nft", "add table inet drops; delete table inet drops");
    }

    @Override
    public void close() {
        open.close();
    }
}
