package io.pingagent.faults;

import io.pingagent.e2e.Catalogue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Looks at the err list ten times a second, with a thread of its own. An address stays listed for a review period at least,
 * so none is overlooked. Any thread.
 */
final class ErrListObserver implements AutoCloseable {

    private static final long EVERY_MILLIS = 100;

    private final Catalogue catalogue;
    private final String key;
    private final Map<String, Long> firstListedNanos = new HashMap<>();
    private Set<String> now = Set.of();
    private volatile boolean closed;
    private final Thread thread = new Thread(this::run, "err-list-watch");

    ErrListObserver(Catalogue catalogue, String agent) {
        this.catalogue = catalogue;
        this.key = "agent-err-list_" + agent;
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!closed) {
            try (Jedis redis = catalogue.connect()) {
                while (!closed) {
                    note(redis.smembers(key));
                    Thread.sleep(EVERY_MILLIS);
                }
            } catch (JedisException e) {
                // Redis is stopped, or stands still: again.
                pause();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(EVERY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void note(Set<String> members) {
        long nowNanos = System.nanoTime();
        now = members;
        for (String member : members) {
            firstListedNanos.putIfAbsent(member, nowNanos);
        }
    }

    /** Forgets who was listed so far. */
    synchronized void forget() {
        firstListedNanos.clear();
    }

    /** Those of these that were listed at any moment since. */
    synchronized List<String> everListed(Collection<String> addresses) {
        List<String> found = new ArrayList<>(addresses);
        found.retainAll(firstListedNanos.keySet());
        return found;
    }

    /** When the last one of these was first seen on the list, {@link System#nanoTime()}; of those that were listed at all. */
    synchronized long lastListedNanos(Collection<String> addresses) {
        return addresses.stream()
                .filter(firstListedNanos::containsKey)
                .mapToLong(firstListedNanos::get)
                .max()
                .orElse(0);
    }

    synchronized Set<String> listedNow() {
        return new HashSet<>(now);
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
