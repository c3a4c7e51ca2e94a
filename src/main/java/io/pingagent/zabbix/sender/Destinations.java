package io.pingagent.zabbix.sender;

import io.pingagent.base.AnyThread;
import io.pingagent.model.ZabbixServer;
import io.pingagent.model.ZabbixValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the hosts of a proxy group live (Zabbix 7.0), as their redirects said. A packet is redirected by its first host
 * alone, and values of hosts that live elsewhere fail. So a packet may hold hosts of one proxy only, and a host of
 * which nothing is known yet goes alone. Nothing is kept before the first redirect.
 *
 * <p>A host is kept as a hash of 64 bits in a table with open addressing, some 20 bytes: 2 MB for 100,000 hosts. Two
 * hosts of one hash would share a destination, and the proxy would say so.
 */
@AnyThread
final class Destinations {

    /** More are forgotten altogether and learned again. */
    static final int MAX_HOSTS = 1 << 20;

    /** A group has some ten; a hostile one may name any number. */
    private static final int MAX_PROXIES = 1_000;

    private static final int FIRST_SLOTS = 1 << 10;
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    /** Hashes of hosts; 0 is a free slot. */
    private long[] hashes = new long[FIRST_SLOTS];
    /** Index of each host's proxy plus one; 0 where it has been forgotten. */
    private short[] homes = new short[FIRST_SLOTS];

    private int used;
    private final List<ZabbixServer> proxies = new ArrayList<>();
    private volatile boolean redirected;

    /** Whether there has been a redirect. */
    boolean any() {
        return redirected;
    }

    /** The proxy of the host, or null if it is not known. */
    synchronized @Nullable ZabbixServer of(String host) {
        int home = homes[slot(hash(host))];
        return home == 0 ? null : proxies.get(home - 1);
    }

    synchronized void redirect(String host, ZabbixServer to) {
        redirected = true;
        put(host, to);
    }

    /** A proxy took values of the host. */
    void took(String host, ZabbixServer by) {
        if (redirected) {
            put(host, by);
        }
    }

    private synchronized void put(String host, ZabbixServer to) {
        int proxy = proxies.indexOf(to);
        if (proxy < 0 && proxies.size() >= MAX_PROXIES || used >= MAX_HOSTS) {
            clear();
            proxy = -1;
        }
        if (proxy < 0) {
            proxies.add(to);
            proxy = proxies.size() - 1;
        }
        long hash = hash(host);
        int slot = slot(hash);
        if (hashes[slot] == 0) {
            hashes[slot] = hash;
            used++;
        }
        homes[slot] = (short) (proxy + 1);
        if (2 * used > hashes.length) {
            grow();
        }
    }

    /** The proxy is gone, or no member of the group now. */
    synchronized void forget(ZabbixServer proxy) {
        int home = proxies.indexOf(proxy) + 1;
        if (home == 0) {
            return;
        }
        for (int slot = 0; slot < homes.length; slot++) {
            if (homes[slot] == home) {
                homes[slot] = 0;
            }
        }
    }

    /** The host is not where it was. */
    synchronized void forget(String host) {
        homes[slot(hash(host))] = 0;
    }

    /**
     * The packet in parts that may each go as one: one of each known destination, one of each host without. Order is
     * kept within each.
     */
    List<List<ZabbixValue>> parts(List<ZabbixValue> values) {
        if (!redirected || isOfOneHost(values)) {
            return List.of(values);
        }
        Map<Object, List<ZabbixValue>> parts = new LinkedHashMap<>();
        synchronized (this) {
            for (ZabbixValue value : values) {
                ZabbixServer home = of(value.host());
                parts.computeIfAbsent(home == null ? value.host() : home, any -> new ArrayList<>())
                        .add(value);
            }
        }
        return List.copyOf(parts.values());
    }

    static boolean isOfOneHost(List<ZabbixValue> values) {
        String host = values.get(0).host();
        for (ZabbixValue value : values) {
            if (!value.host().equals(host)) {
                return false;
            }
        }
        return true;
    }

    private void clear() {
        Arrays.fill(hashes, 0);
        Arrays.fill(homes, (short) 0);
        used = 0;
        proxies.clear();
    }

    private void grow() {
        long[] oldHashes = hashes;
        short[] oldHomes = homes;
        hashes = new long[2 * oldHashes.length];
        homes = new short[hashes.length];
        for (int i = 0; i < oldHashes.length; i++) {
            if (oldHashes[i] != 0) {
                int slot = slot(oldHashes[i]);
                hashes[slot] = oldHashes[i];
                homes[slot] = oldHomes[i];
            }
        }
    }

    /** Where the hash is, or would be. */
    private int slot(long hash) {
        int slot = (int) (hash * GOLDEN >>> 33) & hashes.length - 1;
        while (hashes[slot] != 0 && hashes[slot] != hash) {
            slot = slot + 1 & hashes.length - 1;
        }
        return slot;
    }

    private static long hash(String host) {
        long hash = host.length() + 1L;
        for (int i = 0; i < host.length(); i++) {
            hash = (hash ^ host.charAt(i)) * GOLDEN;
            hash ^= hash >>> 29;
        }
        return hash == 0 ? 1 : hash;
    }
}
