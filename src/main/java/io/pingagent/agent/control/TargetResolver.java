package io.pingagent.agent.control;

import io.pingagent.base.AnyThread;
import io.pingagent.base.DaemonThreads;
import io.pingagent.base.OneLine;
import io.pingagent.control.ControlException;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.model.NeverAnswers;
import io.pingagent.model.Zones;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Finds the address that a user means: an address itself, or a name that this host's resolver looks up. */
@AnyThread
final class TargetResolver {

    private static final int MOST_LOOK_UPS = 8;
    private static final int MOST_SHOWN = 100;
    private static final long IDLE_SECONDS = 10;
    private static final String NAME = "[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})";

    private final ExecutorService lookUps = new ThreadPoolExecutor(
            0,
            MOST_LOOK_UPS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            DaemonThreads.named("ping-resolve"));

    /**
     * @param timeoutMillis for a look-up
     * @throws ControlException if it is neither, or can never answer
     */
    IpAddress resolve(String text, long timeoutMillis) throws ControlException {
        boolean isName = text.matches(NAME) && !text.matches("[0-9.]+");
        IpAddress address = isName ? lookUp(text, timeoutMillis) : literal(text);
        String reason = NeverAnswers.reason(address);
        if (!reason.isEmpty()) {
            throw new ControlException("'" + OneLine.of(text, MOST_SHOWN) + "' can never answer: " + reason);
        }
        return address;
    }

    private static IpAddress literal(String text) throws ControlException {
        try {
            int percent = text.indexOf('%');
            if (percent >= 0 && Zones.find(text.substring(percent + 1)) == 0) {
                requireInterface(text.substring(percent + 1));
            }
            return Addresses.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ControlException(e.getMessage() + "; write an address or a name", e);
        }
    }

    /** Names of interfaces are remembered for ever, so only those that exist. */
    private static void requireInterface(String zone) throws ControlException {
        try {
            if (NetworkInterface.getByName(zone) != null) {
                return;
            }
        } catch (SocketException e) {
            // The same message.
        }
        throw new ControlException("this host has no interface '" + OneLine.of(zone, MOST_SHOWN) + "'");
    }

    private IpAddress lookUp(String name, long timeoutMillis) throws ControlException {
        try {
            return lookUps.submit(() -> firstOf(name)).get(timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new ControlException(
                    "'" + name + "' is no address and no name that this host's resolver knows; correct it", e);
        } catch (TimeoutException | RejectedExecutionException e) {
            throw new ControlException(
                    "this host's resolver has no answer for '" + name + "' in time; see /etc/resolv.conf", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControlException("the agent stops", e);
        }
    }

    private static IpAddress firstOf(String name) throws UnknownHostException {
        InetAddress found = InetAddress.getByName(name);
        IpAddress address = IpAddress.ofBytes(found.getAddress());
        if (found instanceof Inet6Address v6 && v6.getScopeId() != 0) {
            NetworkInterface scope = v6.getScopedInterface();
            String zone = scope == null ? Integer.toString(v6.getScopeId()) : scope.getName();
            return IpAddress.v6(address.high(), address.low(), Zones.number(zone));
        }
        return address;
    }
}
