package io.pingagent.cli.trace;

import io.pingagent.base.DaemonThreads;
import io.pingagent.model.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Names of hops by the system's resolver, which nobody waits for until the end. */
final class HopNames implements AutoCloseable {

    private static final int THREADS = 8;
    private static final long PATIENCE_SECONDS = 3;

    private final Map<IpAddress, String> names = new ConcurrentHashMap<>();
    private final ExecutorService lookUps = Executors.newFixedThreadPool(THREADS, DaemonThreads.named("ping-names"));

    /** The address, with its name once that is known. */
    String of(IpAddress address) {
        String text = address.toString();
        if (names.putIfAbsent(address, "") == null) {
            lookUps.execute(() -> lookUp(address));
        }
        String name = names.getOrDefault(address, "");
        return name.isEmpty() ? text : name + " (" + text + ")";
    }

    private void lookUp(IpAddress address) {
        try {
            InetAddress inet = InetAddress.getByName(address.toString());
            String name = inet.getCanonicalHostName();
            // Without a name the resolver gives back the address, in a spelling of its own.
            if (!name.equals(inet.getHostAddress())) {
                names.put(address, name);
            }
        } catch (UnknownHostException e) {
            // An address is always one.
        }
    }

    /** Waits a little for the look-ups that are under way. */
    void finish() {
        lookUps.shutdown();
        try {
            if (!lookUps.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                lookUps.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        lookUps.shutdownNow();
    }
}
