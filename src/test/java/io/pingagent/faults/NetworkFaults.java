package io.pingagent.faults;

import io.pingagent.e2e.Catalogue;
import io.pingagent.faults.Fault.Listing;
import io.pingagent.testkit.Behaviour;
import io.pingagent.testkit.Behaviour.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Faults of links, routes and of what is behind them. */
final class NetworkFaults {

    /** Cadence, timeout, and two seconds. */
    private static final int LISTED_SECONDS = 2 + 1 + 2;

    private static final Notice LOST = Notice.line("is on the err list: probe lost");

    /** Local errors are said in a line of their own, at most once a minute. */
    private static final Notice NOT_SENT = Notice.line("the kernel refused to send");

    private NetworkFaults() {}

    static List<Fault> all() {
        return Stream.of(answers(), links(), neighbours()).flatMap(List::stream).toList();
    }

    private static List<Fault> answers() {
        Behaviour honest = Behaviour.honest();
        return List.of(
                behaviour("100 % loss", Behaviour.silent())
                        .lists(Listing.ALL, LISTED_SECONDS)
                        .says(LOST),
                behaviour("50 % random loss", honest.losing(0.5))
                        .lasting(15)
                        .lists(Listing.MOST, 15)
                        .says(LOST),
                behaviour("duplicates x10", honest.duplicated(10)).says(Notice.counter("duplicates")),
                behaviour("reordering", honest.jitter(Duration.ofMillis(700))),
                behaviour("delays of 1.5 s, timeout 1 s", Behaviour.delayed(Duration.ofMillis(1_500)))
                        .lists(Listing.ALL, LISTED_SECONDS)
                        .says(Notice.counter("late")),
                behaviour(
                                "unreachable storm",
                                honest.answering(Answer.HOST_UNREACHABLE).duplicated(50))
                        .lists(Listing.ALL, LISTED_SECONDS)
                        .says(Notice.counter("unreachable")),
                Fault.network("50,000 junk ICMP a second")
                        .affects(site -> List.of())
                        .begin(site -> site.junk(50_000))
                        .end(Site::junkNoMore)
                        .says(Notice.nothing())
                        .alone());
    }

    private static List<Fault> links() {
        return List.of(
                Fault.network("interface down and up")
                        .begin(site -> site.far().down())
                        .end(site -> {
                            site.far().up();
                            site.routeFar();
                        })
                        .lists(Listing.ALL, LISTED_SECONDS)
                        .says(NOT_SENT),
                Fault.network("interface deleted and made again, with an address of its zone")
                        .prepare(site -> {
                            site.far().linkLocal("fe80::72");
                            site.addFar("fe80::72%far");
                        })
                        .begin(site -> site.far().delete())
                        .end(site -> {
                            site.far().make();
                            site.far().linkLocal("fe80::72");
                            site.routeFar();
                        })
                        .lists(Listing.ALL, LISTED_SECONDS)
                        .says(NOT_SENT),
                Fault.network("interface made again while probe.interface names it")
                        .prepare(site -> {
                            site.agentWith(List.of(), List.of("PING_AGENT_PROBE_INTERFACE=far"));
                            site.far().route(Site.NEAR_V4, Site.NEAR_V6);
                        })
                        .affects(Site::addresses)
                        .begin(site -> site.far().delete())
                        .end(site -> {
                            site.far().make();
                            site.far().route(Site.NEAR_V4, Site.NEAR_V6);
                            site.routeFar();
                        })
                        .lists(Listing.ALL, LISTED_SECONDS + 1)
                        .says(NOT_SENT),
                Fault.network("default route gone")
                        .begin(site -> site.onHost("ip route delete default; ip -6 route delete default"))
                        .end(Site::routeFar)
                        .lists(Listing.ALL, LISTED_SECONDS)
                        .says(NOT_SENT),
                Fault.network("slow queue, 16 kbit")
                        .begin(site -> site.onHost("tc qdisc add dev far root tbf rate 16kbit burst 2kb latency 20s"))
                        .lasting(20)
                        .end(site -> site.onHost("tc qdisc delete dev far root"))
                        .says(Notice.line("waited in the queue of a slow interface")),
                Fault.network("full queue, 16 kbit")
                        .begin(site -> site.onHost("tc qdisc add dev far root tbf rate 16kbit burst 2kb latency 300ms"))
                        .lasting(20)
                        .end(site -> site.onHost("tc qdisc delete dev far root"))
                        .says(Notice.line("no room in this machine's send queues")),
                Fault.network("local firewall")
                        .begin(site -> site.host()
                                .check(
                                        "nft",
                                        "table inet fault { chain out { type filter hook output priority 0; "
                                                + "ip daddr " + Site.FAR_V4 + " drop; ip6 daddr " + Site.FAR_V6
                                                + " reject; }\n}\n"))
                        .end(site -> site.host().check("nft", "delete table inet fault"))
                        .lists(Listing.ALL, LISTED_SECONDS)
                        .says(Notice.line("refused to send .*firewall")),
                Fault.network("IPv6 switched off")
                        .affects(site -> site.addresses().stream()
                                .filter(address -> address.indexOf(':') >= 0)
                                .toList())
                        .begin(site -> site.onHost("echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6"))
                        .end(site -> {
                            site.onHost("echo 0 >/proc/sys/net/ipv6/conf/all/disable_ipv6");
                            site.near().up();
                            site.far().up();
                            site.routeNear();
                            site.routeFar();
                        })
                        .lists(Listing.ALL, LISTED_SECONDS + 1)
                        .says(NOT_SENT));
    }

    private static List<Fault> neighbours() {
        return List.of(
                // Both alone: the kernel has one table of neighbours for all namespaces.
                dead("900 dead neighbours", 900).alone(),
                tableFull().aloneUntilItsEnd(),
                Fault.network("2 of 3 gateways dead")
                        .prepare(site -> {
                            site.gateway(
                                    "gw2", 73, "10.9.16.0/22", Catalogue.range("10.9.16.1", 1_000), "*/2 * * * * *");
                            site.gateway(
                                    "gw3", 74, "10.9.32.0/22", Catalogue.range("10.9.32.1", 1_000), "*/2 * * * * *");
                        })
                        .affects(Site::addressesOfGateways)
                        .begin(site -> {
                            for (Link link : site.gateways()) {
                                link.routerDies();
                            }
                        })
                        .lasting(15)
                        .end(site -> {
                            for (Link link : site.gateways()) {
                                link.routerLives();
                            }
                        })
                        .lists(Listing.ALL, LISTED_SECONDS)
                        .says(LOST));
    }

    /** Addresses of the far link's own network that nobody has: each probe waits 3 s for an answer to ARP. */
    private static Fault dead(String name, int count) {
        List<String> nobody = new ArrayList<>(Catalogue.range("10.72.100.1", count));
        return Fault.network(name)
                .affects(site -> nobody)
                .begin(site -> site.catalogue()
                        .group("dead", nobody)
                        .jobWith("\"timeout\":1,", "dead", "*/2 * * * * *", "dead"))
                .lasting(20)
                .end(site -> site.removeJob("dead"))
                .lists(Listing.ALL, 2 + LISTED_SECONDS + 5)
                .rightWithin(15)
                .says(LOST);
    }

    /** Whoever has no entry yet gets none, on loopback and the responder's own device, too: IPv4 goes, IPv6 stays. */
    private static Fault tableFull() {
        int count = neighbourLimit() + 200;
        Fault fault = dead("neighbour table full, IPv4", count);
        Function<Site, List<String>> dead = fault.affected;
        return fault.affects(site -> Stream.concat(
                                dead.apply(site).stream(),
                                site.addresses().stream().filter(address -> address.indexOf(':') < 0))
                        .toList())
                .lists(Listing.ANY, 0)
                .rightWithin(60 + 5 + 15)
                .says(LOST);
    }

    private static int neighbourLimit() {
        // Not Files.readString: it reads one byte first, and the kernel gives such a file in one go or not at all.
        byte[] text = new byte[64];
        try (InputStream in = Files.newInputStream(Path.of("/proc/sys/net/ipv4/neigh/default/gc_thresh3"))) {
            int length = Math.max(0, in.read(text));
            // A machine with a much larger table has another weakness.
            return Math.min(8_000, Integer.parseInt(new String(text, 0, length, StandardCharsets.US_ASCII).strip()));
        } catch (IOException | NumberFormatException e) {
            return 1_024;
        }
    }

    /** Those behind the far link answer differently for a while. */
    private static Fault behaviour(String name, Behaviour behaviour) {
        return Fault.network(name)
                .begin(site -> {
                    site.responder().behave(Site.FAR_V4, behaviour);
                    site.responder().behave(Site.FAR_V6, behaviour);
                })
                .end(site -> site.responder().behaveHonestly());
    }
}
