package io.pingagent.zabbix.sender;

import io.pingagent.base.AnyThread;
import io.pingagent.model.Problem;
import io.pingagent.model.ZabbixServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How each configured server is, as far as it was asked: which of them is home, why those before it are not.
 */
@AnyThread
final class ServerStates {

    private static final long PROBE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long TRUST_NANOS = TimeUnit.MINUTES.toNanos(5);

    /** What was last heard of a server. */
    private enum State {
        /** Nothing. */
        UNKNOWN,
        TAKES,
        AWAY,
        /** It answers, and takes nothing of the agent's host. */
        REFUSES
    }

    private static final class Server {

        State state = State.UNKNOWN;
        String reason = "";
        String remedy = "";
        boolean tookOthers;
        long tookOthersNanos;
    }

    private final List<ZabbixServer> servers;
    private final List<Server> states = new ArrayList<>();
    private int home;
    private boolean connected;
    private long probedNanos;

    ServerStates(List<ZabbixServer> servers) {
        this.servers = servers;
        servers.forEach(any -> states.add(new Server()));
    }

    /** Indexes in the order in which they are to be tried: home, then the list. */
    synchronized int[] order() {
        int[] order = new int[servers.size()];
        order[0] = home;
        int next = 1;
        for (int i = 0; i < order.length; i++) {
            if (i != home) {
                order[next++] = i;
            }
        }
        return order;
    }

    /** It took values: it is home from now on. */
    synchronized void takes(int index, long nowNanos) {
        state(index, State.TAKES, "", "");
        if (index != home) {
            home = index;
            probedNanos = nowNanos;
        }
        connected = true;
    }

    /** It took values of another host than the agent's, which no unknown or disabled host of the agent holds up. */
    synchronized void tookOthers(int index, long nowNanos) {
        states.get(index).tookOthers = true;
        states.get(index).tookOthersNanos = nowNanos;
    }

    /** Whether values of other hosts were taken not long ago. */
    synchronized boolean takesOthers(int index, long nowNanos) {
        Server server = states.get(index);
        return server.tookOthers && nowNanos - server.tookOthersNanos < TRUST_NANOS;
    }

    synchronized boolean takes(int index) {
        return states.get(index).state == State.TAKES;
    }

    synchronized void unreachable(int index, String reason, String remedy) {
        state(index, State.AWAY, reason, remedy);
    }

    synchronized void refuses(int index, String reason, String remedy) {
        state(index, State.REFUSES, reason, remedy);
    }

    private void state(int index, State state, String reason, String remedy) {
        Server server = states.get(index);
        server.state = state;
        server.reason = reason;
        server.remedy = remedy;
    }

    /** A server took what was sent, without being a configured one. */
    synchronized void connected(boolean now) {
        connected = now;
    }

    /** Whether the last packet was taken by a server that takes values of the agent's host. */
    synchronized boolean isConnected() {
        return connected;
    }

    /** How many of the first servers are better than home and to be asked again; 0 most of the time. */
    synchronized int dueProbes(long nowNanos) {
        if (home == 0 || !connected || nowNanos - probedNanos < PROBE_NANOS) {
            return 0;
        }
        probedNanos = nowNanos;
        return home;
    }

    /** Those that were tried and do not take values; none that comes behind home. */
    synchronized List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < (connected ? home : servers.size()); i++) {
            Server server = states.get(i);
            if (server.state == State.AWAY || server.state == State.REFUSES) {
                problems.add(new Problem("zabbix.servers", text(servers.get(i), server.reason), server.remedy));
            }
        }
        return problems;
    }

    private static String text(ZabbixServer server, String reason) {
        // A reason that begins with a server names the one that is meant: a proxy, by a redirect.
        return reason.contains(" (redirected by ") ? reason : server + ": " + reason;
    }

    /** The same for all servers in one line, or null if none was tried. */
    synchronized @Nullable String reasons() {
        StringBuilder reasons = new StringBuilder();
        for (int i = 0; i < servers.size(); i++) {
            Server server = states.get(i);
            if (server.state == State.AWAY || server.state == State.REFUSES) {
                reasons.append(reasons.isEmpty() ? "" : "; ").append(text(servers.get(i), server.reason));
            }
        }
        return reasons.isEmpty() ? null : reasons.toString();
    }
}
