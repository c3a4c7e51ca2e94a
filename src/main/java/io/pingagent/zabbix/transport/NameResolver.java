package io.pingagent.zabbix.transport;

import io.pingagent.base.AnyThread;
import io.pingagent.base.DaemonThreads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Names to addresses within a bounded time. Java's look-up takes as long as the name servers make it and cannot be
 * ended. So it has a thread of its own, one per name at a time ({@code ping-zabbix-name}). A name that cannot be
 * resolved any more keeps the addresses that it had: name servers fail more often than servers move.
 */
@AnyThread
final class NameResolver {

    /** Java's look-up, or a test's. */
    interface Lookup {

        InetAddress[] all(String host) throws UnknownHostException;
    }

    /**
     * What a name stands for.
     *
     * @param addresses at least one
     * @param doubt why these are the addresses of an earlier look-up, or null if they are not
     */
    record Resolved(List<InetAddress> addresses, @Nullable String doubt) {}

    /** Redirects name a few proxies, however hostile the server is. */
    private static final int MAX_NAMES = 1_000;

    private static final class Name {

        @Nullable
        CompletableFuture<List<InetAddress>> pending;

        @Nullable
        List<InetAddress> last;

        /** Whether a look-up has outlasted its time and none has ended since. */
        boolean hangs;
    }

    private final Lookup lookup;
    private final Duration limit;
    private final Map<String, Name> names = new HashMap<>();

    /** @param limit how long to wait for a look-up, at least 1 ms */
    NameResolver(Duration limit) {
        this(InetAddress::getAllByName, limit);
    }

    NameResolver(Lookup lookup, Duration limit) {
        this.lookup = lookup;
        this.limit = limit;
    }

    /**
     * @param host a name or an address
     * @throws IOException if the name has no address and had none before, or is not resolved in time
     */
    Resolved resolve(String host) throws IOException {
        if (isLiteral(host)) {
            return new Resolved(List.of(InetAddress.getAllByName(host)), null);
        }
        CompletableFuture<List<InetAddress>> pending;
        List<InetAddress> last;
        long waitMillis = limit.toMillis();
        synchronized (this) {
            if (names.size() > MAX_NAMES) {
                names.clear();
            }
            Name name = names.computeIfAbsent(host, any -> new Name());
            pending = name.pending == null ? begin(host, name) : name.pending;
            last = name.last;
            if (name.hangs && last != null) {
                waitMillis = 0;
            }
        }
        try {
            return new Resolved(pending.get(waitMillis, TimeUnit.MILLISECONDS), null);
        } catch (TimeoutException e) {
            hangs(host);
            return remembered(last, "the name was not resolved within " + DurationText.text(limit));
        } catch (ExecutionException e) {
            return remembered(last, "the name is unknown");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static Resolved remembered(@Nullable List<InetAddress> last, String doubt) throws IOException {
        if (last == null) {
            throw new UnknownHostException(doubt);
        }
        return new Resolved(last, doubt);
    }

    private CompletableFuture<List<InetAddress>> begin(String host, Name name) {
        CompletableFuture<List<InetAddress>> pending = new CompletableFuture<>();
        name.pending = pending;
        DaemonThreads.start("ping-zabbix-name", () -> lookUp(host, name, pending));
        return pending;
    }

    private void lookUp(String host, Name name, CompletableFuture<List<InetAddress>> pending) {
        List<InetAddress> found = null;
        Throwable failure = null;
        try {
            found = List.of(lookup.all(host));
        } catch (UnknownHostException | RuntimeException | Error e) {
            failure = e;
        }
        synchronized (this) {
            name.pending = null;
            name.hangs = false;
            if (found != null) {
                name.last = found;
            }
        }
        if (found == null) {
            pending.completeExceptionally(failure == null ? new UnknownHostException(host) : failure);
        } else {
            pending.complete(found);
        }
    }

    private synchronized void hangs(String host) {
        Name name = names.get(host);
        if (name != null && name.pending != null) {
            name.hangs = true;
        }
    }

    /** Such a one asks no name server. */
    private static boolean isLiteral(String host) {
        return host.indexOf(':') >= 0 || host.chars().allMatch(c -> c >= '0' && c <= '9' || c == '.');
    }
}
