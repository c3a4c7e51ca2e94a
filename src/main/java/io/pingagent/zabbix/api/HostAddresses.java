package io.pingagent.zabbix.api;

import io.pingagent.base.DaemonThreads;
import io.pingagent.base.OwnedBy;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the address of each host: of its first main interface that has one. Names are looked up side by side within a
 * time limit; one that is unknown or late costs no other host anything.
 */
@OwnedBy("caller")
public final class HostAddresses {

    private static final int LOOKUPS_AT_ONCE = 16;
    private static final int MAX_NAME = 253;

    /** Looks a name up. */
    interface Resolver {
        /** Every address of a name, in the order of preference. */
        List<String> addresses(String name) throws UnknownHostException;
    }

    private final Resolver resolver;
    private final long limitNanos;

    /**
     * With the system's resolver.
     *
     * @param limitNanos what all names together may take
     */
    public HostAddresses(long limitNanos) {
        this(HostAddresses::ofSystem, limitNanos);
    }

    HostAddresses(Resolver resolver, long limitNanos) {
        this.resolver = resolver;
        this.limitNanos = limitNanos;
    }

    /**
     * The address of a host.
     *
     * @param address null if it has none
     * @param warning what is wrong, empty if nothing is; with an address, that of an earlier time is kept
     * @param failedName the name that could not be looked up, or empty
     */
    public record Located(FoundHost host, @Nullable IpAddress address, String warning, String failedName) {}

    /**
     * Locates hosts, in their order.
     *
     * @param earlier the addresses of a host of this technical name at the last import
     * @throws CancellationException if the thread is interrupted, for what was not looked up then is not unknown
     */
    public List<Located> locate(List<FoundHost> hosts, Function<String, List<IpAddress>> earlier) {
        Map<String, List<String>> byName = lookUp(names(hosts));
        List<Located> located = new ArrayList<>(hosts.size());
        for (FoundHost host : hosts) {
            located.add(locate(host, byName, earlier.apply(host.name())));
        }
        return located;
    }

    private static Set<String> names(List<FoundHost> hosts) {
        Set<String> names = new LinkedHashSet<>();
        for (FoundHost host : hosts) {
            for (FoundHost.Interface one : host.interfaces()) {
                if (one.isName() && isName(one.text())) {
                    names.add(one.text());
                }
            }
        }
        return names;
    }

    /** Not a macro, and nothing that a resolver would take for something else. */
    private static boolean isName(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_NAME
                && text.chars().allMatch(c -> c > ' ' && c != '{' && c != '}' && c != '/');
    }

    private Located locate(FoundHost host, Map<String, List<String>> byName, List<IpAddress> earlier) {
        String warning = host.interfaces().isEmpty() ? "has no interface" : "";
        String failedName = "";
        for (FoundHost.Interface one : host.interfaces()) {
            if (one.text().isEmpty()) {
                warning = "has no " + (one.isName() ? "DNS name" : "address") + " at its " + one.type() + " interface";
                continue;
            }
            if (one.isName() && !isName(one.text())) {
                warning = "has '" + one.text() + "' as DNS name at its " + one.type() + " interface";
                continue;
            }
            boolean isLate = one.isName() && !byName.containsKey(one.text());
            List<String> found = one.isName() ? byName.getOrDefault(one.text(), List.of()) : List.of(one.text());
            List<IpAddress> usable = usable(found);
            if (!usable.isEmpty()) {
                // A name may have several addresses, in another order each time.
                IpAddress kept =
                        earlier.stream().filter(usable::contains).findFirst().orElse(usable.get(0));
                return new Located(host, kept, "", "");
            }
            if (one.isName() && found.isEmpty()) {
                failedName = one.text();
                warning = "the name '" + failedName + "' "
                        + (isLate
                                ? "was not resolved within " + TimeUnit.NANOSECONDS.toSeconds(limitNanos) + " s"
                                : "is unknown");
                if (!earlier.isEmpty()) {
                    // The next interface would move the host, and back when the name is known again.
                    return new Located(host, earlier.get(0), warning + ", " + earlier.get(0) + " is kept", failedName);
                }
            } else {
                warning = "has " + (one.isName() ? one.text() + " with " : "") + "the address '" + found.get(0)
                        + "', which cannot be pinged";
            }
        }
        return new Located(host, null, warning, failedName);
    }

    private static List<IpAddress> usable(List<String> texts) {
        List<IpAddress> usable = new ArrayList<>();
        for (String text : texts) {
            try {
                usable.add(Addresses.parseAnswerable(text));
            } catch (IllegalArgumentException e) {
                // A macro, or an address that never answers: the next one.
            }
        }
        return usable;
    }

    /** A name that is unknown has no addresses; one that was not looked up in time is missing. */
    private Map<String, List<String>> lookUp(Set<String> names) {
        Map<String, List<String>> found = new ConcurrentHashMap<>();
        CountDownLatch open = new CountDownLatch(names.size());
        Semaphore free = new Semaphore(LOOKUPS_AT_ONCE);
        long untilNanos = System.nanoTime() + limitNanos;
        try {
            for (String name : names) {
                if (!free.tryAcquire(Math.max(0, untilNanos - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                    return new HashMap<>(found);
                }
                DaemonThreads.start("ping-import-names", () -> {
                    try {
                        found.put(name, resolver.addresses(name));
                    } catch (UnknownHostException e) {
                        found.put(name, List.of());
                    } finally {
                        free.release();
                        open.countDown();
                    }
                });
            }
            boolean isComplete = open.await(Math.max(0, untilNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
            assert isComplete || open.getCount() > 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while names were looked up");
        }
        return new HashMap<>(found);
    }

    private static List<String> ofSystem(String name) throws UnknownHostException {
        List<String> addresses = new ArrayList<>();
        for (InetAddress address : InetAddress.getAllByName(name)) {
            addresses.add(address.getHostAddress());
        }
        return addresses;
    }
}
