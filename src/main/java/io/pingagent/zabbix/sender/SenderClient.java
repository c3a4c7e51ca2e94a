package io.pingagent.zabbix.sender;

import io.pingagent.base.AnyThread;
import io.pingagent.base.DaemonThreads;
import io.pingagent.model.Problem;
import io.pingagent.model.ZabbixServer;
import io.pingagent.model.ZabbixValue;
import io.pingagent.zabbix.sender.SenderAnswer.Counts;
import io.pingagent.zabbix.sender.SenderAnswer.Redirect;
import io.pingagent.zabbix.sender.SenderAnswer.Refused;
import io.pingagent.zabbix.transport.HandshakeException;
import io.pingagent.zabbix.transport.SenderTransport;
import io.pingagent.zabbix.transport.TransportFailureText;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sends packets to the first server that takes them:
 *
 * <ul>
 *   <li>It stays with a server as long as that takes them.
 *   <li>It turns to the next in order when a server does not.
 *   <li>It returns to an earlier one as soon as that takes values again.
 * </ul>
 *
 * <p>A server that takes nothing of the agent's own host counts as one that takes no values: it does not know that
 * host. Redirects of proxy groups are followed host by host ({@link Destinations}). Used by several threads.
 *
 * <p>Over 500 lines because each answer to a packet decides three things: which server is next, where hosts live, and
 * how the packet is split. {@link ServerStates} and {@link Destinations} keep what was found.
 */
public final class SenderClient implements AutoCloseable {

    private static final Logger LOG = LogManager.getLogger(SenderClient.class);

    /** A group that is being rearranged may redirect more than once, but not in circles. */
    private static final int MAX_REDIRECTS = 3;

    /** Hosts of a refused packet that are asked for alone, to find out whether there is a group. */
    private static final int SAMPLES = 3;

    private static final String UNREACHABLE_REMEDY =
            "look at that server and the way to it; 'ping-agent doctor' asks all of zabbix.servers";
    private static final String REFUSES_REMEDY = "'ping-agent doctor' says why: the host is unknown there, disabled,"
            + " without the template, or not allowed this kind of connection";

    /** What became of a packet. */
    sealed interface Offered {}

    /** It was answered. */
    record Answered(Counts counts) implements Offered {}

    /**
     * Nothing of it was taken, since its hosts live on several proxies: these are to be sent in its place.
     *
     * @param parts at least two, in order
     */
    record Split(List<List<ZabbixValue>> parts) implements Offered {}

    /** It answers, and takes no value of the agent's own host. */
    private static final class TakesNothingException extends IOException {

        private static final long serialVersionUID = 1L;

        TakesNothingException(String host) {
            super("takes no value of host '" + host + "'");
        }
    }

    /** Settings beside servers and transport. */
    public record Options(
            LongSupplier wallNanos,
            LongSupplier nanoClock,
            boolean compress,
            @Nullable OwnValues own,
            Executor probes) {}

    private final List<ZabbixServer> servers;
    private final SenderTransport transport;
    private final Options options;
    private final ServerStates states;
    private final Destinations destinations = new Destinations();
    private final AtomicBoolean probing = new AtomicBoolean();

    private volatile @Nullable ZabbixServer lastServer;

    /**
     * Compresses, unless all servers are on this machine, where it costs both sides more than it saves.
     *
     * @param servers at least one
     * @param own by which servers are judged, or null: each that answers is good enough
     */
    public static SenderClient of(
            List<ZabbixServer> servers, SenderTransport transport, LongSupplier wallNanos, @Nullable OwnValues own) {
        return new SenderClient(
                servers,
                transport,
                new Options(
                        wallNanos,
                        System::nanoTime,
                        !servers.stream().allMatch(ZabbixServer::isLocal),
                        own,
                        SenderClient::start));
    }

    /** Same, without a host of its own. */
    public static SenderClient of(List<ZabbixServer> servers, SenderTransport transport, LongSupplier wallNanos) {
        return of(servers, transport, wallNanos, null);
    }

    /** @param servers at least one */
    public SenderClient(
            List<ZabbixServer> servers, SenderTransport transport, LongSupplier wallNanos, boolean compress) {
        this(servers, transport, new Options(wallNanos, System::nanoTime, compress, null, SenderClient::start));
    }

    /** @param servers at least one */
    public SenderClient(List<ZabbixServer> servers, SenderTransport transport, Options options) {
        this.servers = List.copyOf(servers);
        this.transport = transport;
        this.options = options;
        this.states = new ServerStates(this.servers);
    }

    /** An unreachable server may take its time, for which no values wait. */
    private static void start(Runnable probe) {
        DaemonThreads.start("ping-zabbix-probe", probe);
    }

    /**
     * Sends a packet, in parts where its hosts live on several proxies.
     *
     * @param values at least one
     * @throws ServerUnreachableException if no server took it, or a part of it
     */
    public Counts send(List<ZabbixValue> values) throws ServerUnreachableException {
        Deque<List<ZabbixValue>> packets = new ArrayDeque<>(List.of(values));
        int processed = 0;
        int failed = 0;
        while (!packets.isEmpty()) {
            Offered offered = offer(packets.removeFirst());
            if (offered instanceof Split split) {
                putBack(split, packets);
            } else if (offered instanceof Answered answered) {
                processed += answered.counts().processed();
                failed += answered.counts().failed();
            }
        }
        return new Counts(processed, failed);
    }

    /** Puts the parts in the place of their packet, which was the first. */
    static void putBack(Split split, Deque<List<ZabbixValue>> packets) {
        for (int i = split.parts().size() - 1; i >= 0; i--) {
            packets.addFirst(split.parts().get(i));
        }
    }

    /**
     * Sends one packet.
     *
     * @param values at least one
     * @throws ServerUnreachableException if no server took it
     */
    Offered offer(List<ZabbixValue> values) throws ServerUnreachableException {
        List<List<ZabbixValue>> parts = destinations.parts(values);
        if (parts.size() > 1) {
            return new Split(parts);
        }
        return offer(new Packet(values));
    }

    private Offered offer(Packet packet) throws ServerUnreachableException {
        probe();
        Offered offered = toLearned(packet);
        return offered == null ? toConfigured(packet) : offered;
    }

    /**
     * Sends a packet with one value, a discovery list, that is encoded already.
     *
     * @param host of the value
     * @param key of the value
     * @throws ServerUnreachableException if no server took it
     */
    public Counts sendList(String host, String key, byte[] frame) throws ServerUnreachableException {
        ZabbixValue unsaid = ZabbixValue.at(host, key, "", options.wallNanos().getAsLong());
        if (offer(new Packet(List.of(unsaid), frame)) instanceof Answered answered) {
            return answered.counts();
        }
        throw new IllegalStateException("a packet of one host was split");
    }

    /** One packet and what was tried with it. */
    private final class Packet {

        final List<ZabbixValue> values;
        final String host;
        final byte[] frame;
        /** Nobody is asked twice. */
        final Map<ZabbixServer, IOException> failures = new HashMap<>();

        Packet(List<ZabbixValue> values) {
            this(values, PacketEncoder.encode(values, options.wallNanos().getAsLong(), options.compress()));
        }

        Packet(List<ZabbixValue> values, byte[] frame) {
            this.values = values;
            this.host = values.get(0).host();
            this.frame = frame;
        }

        SenderAnswer exchange(ZabbixServer server) throws IOException {
            IOException before = failures.get(server);
            if (before != null) {
                throw before;
            }
            try {
                return AnswerParser.parse(transport.exchange(server, frame), values.size());
            } catch (IOException e) {
                failures.put(server, e);
                throw e;
            }
        }
    }

    /** @return null if no proxy is known for it, or that one is gone */
    private @Nullable Offered toLearned(Packet packet) {
        ZabbixServer learned = destinations.of(packet.host);
        if (learned == null) {
            return null;
        }
        try {
            Offered offered = follow(packet, learned);
            if (offered instanceof Answered answered) {
                if (answered.counts().processed() == 0) {
                    // It may live elsewhere now, where nobody redirects from.
                    packet.values.forEach(value -> destinations.forget(value.host()));
                } else {
                    states.connected(true);
                }
            }
            return offered;
        } catch (IOException e) {
            List<List<ZabbixValue>> parts = destinations.parts(packet.values);
            return parts.size() > 1 ? new Split(parts) : null;
        }
    }

    private Offered toConfigured(Packet packet) throws ServerUnreachableException {
        IOException last = null;
        for (int index : states.order()) {
            ZabbixServer server = servers.get(index);
            try {
                Offered offered = follow(packet, server);
                if (offered instanceof Split) {
                    return offered;
                }
                Counts counts = ((Answered) offered).counts();
                if (counts.processed() > 0) {
                    took(index, packet);
                } else if (refusesAll(index, packet)) {
                    throw new TakesNothingException(ownHost());
                } else {
                    states.takes(index, nowNanos());
                    Split sampled = sample(packet, server);
                    if (sampled != null) {
                        return sampled;
                    }
                }
                return offered;
            } catch (IOException e) {
                last = e;
                failed(index, e);
            }
        }
        states.connected(false);
        throw new ServerUnreachableException(
                "no Zabbix server takes values (" + states.reasons() + ")",
                last == null ? new IOException("no server is configured") : last);
    }

    private void took(int index, Packet packet) {
        states.takes(index, nowNanos());
        OwnValues own = options.own();
        if (own != null && !packet.host.equals(own.host())) {
            states.tookOthers(index, nowNanos());
        }
    }

    private void failed(int index, IOException e) {
        if (e instanceof TakesNothingException) {
            states.refuses(index, TransportFailureText.of(e), REFUSES_REMEDY);
        } else {
            states.unreachable(
                    index,
                    TransportFailureText.of(e),
                    e instanceof HandshakeException failed ? failed.remedy() : UNREACHABLE_REMEDY);
        }
    }

    /**
     * Whether a server that refused a packet takes nothing of ours. Only new items are refused by one that is in order,
     * and these are never the agent's own.
     */
    private boolean refusesAll(int index, Packet packet) throws IOException {
        OwnValues own = options.own();
        if (own == null || states.takesOthers(index, nowNanos())) {
            return false;
        }
        boolean suspicious = !states.takes(index)
                || packet.values.stream().anyMatch(value -> value.host().equals(own.host()) && isOwn(value.key()));
        return suspicious && !takesOwn(servers.get(index), own);
    }

    private static boolean isOwn(String key) {
        return key.startsWith("ping.agent.") || key.endsWith(".discovery");
    }

    private boolean takesOwn(ZabbixServer server, OwnValues own) throws IOException {
        Packet packet = new Packet(own.now());
        return follow(packet, server) instanceof Answered answered
                && answered.counts().processed() > 0;
    }

    private String ownHost() {
        OwnValues own = options.own();
        return own == null ? "" : own.host();
    }

    /**
     * Sends to a server, or to whom it redirects the packet's first host.
     *
     * @throws IOException if it was not answered; the message names a proxy that is not {@code start}
     */
    private Offered follow(Packet packet, ZabbixServer start) throws IOException {
        ZabbixServer target = start;
        String by = "";
        for (int redirect = 0; redirect <= MAX_REDIRECTS; redirect++) {
            SenderAnswer answer;
            try {
                answer = packet.exchange(target);
            } catch (IOException e) {
                destinations.forget(target);
                throw named(by, e);
            }
            if (answer instanceof Counts counts) {
                lastServer = target;
                if (counts.processed() > 0) {
                    destinations.took(packet.host, target);
                }
                return new Answered(counts);
            }
            if (answer instanceof Refused refused) {
                throw named(by, new IOException("refused: " + refused.info()));
            }
            ZabbixServer to = ((Redirect) answer).to();
            if (to == null) {
                destinations.forget(target);
                throw named(by, new IOException("it serves no hosts of its proxy group now"));
            }
            destinations.redirect(packet.host, to);
            if (!Destinations.isOfOneHost(packet.values)) {
                return new Split(afterRedirect(packet.values));
            }
            by = to + " (redirected by " + target + "): ";
            target = to;
        }
        destinations.forget(packet.host);
        throw new IOException("redirected more than " + MAX_REDIRECTS + " times");
    }

    private static IOException named(String by, IOException e) {
        if (by.isEmpty()) {
            return e;
        }
        return e instanceof HandshakeException failed
                ? new HandshakeException(by + TransportFailureText.of(e), failed.remedy(), e)
                : new IOException(by + TransportFailureText.of(e), e);
    }

    /**
     * The first host has moved. The redirects of those with it say whether they have moved, too. Halves find that out
     * with few packets if only some have, and with two per host if all have.
     */
    private List<List<ZabbixValue>> afterRedirect(List<ZabbixValue> values) {
        List<List<ZabbixValue>> result = new ArrayList<>();
        for (List<ZabbixValue> part : destinations.parts(values)) {
            Map<String, List<ZabbixValue>> hosts = byHost(part);
            List<ZabbixValue> first = new ArrayList<>();
            List<ZabbixValue> second = new ArrayList<>();
            int half = (hosts.size() + 1) / 2;
            int i = 0;
            for (List<ZabbixValue> of : hosts.values()) {
                (i++ < half ? first : second).addAll(of);
            }
            result.add(first);
            if (!second.isEmpty()) {
                result.add(second);
            }
        }
        return result;
    }

    private static Map<String, List<ZabbixValue>> byHost(List<ZabbixValue> values) {
        Map<String, List<ZabbixValue>> hosts = new LinkedHashMap<>();
        for (ZabbixValue value : values) {
            hosts.computeIfAbsent(value.host(), any -> new ArrayList<>()).add(value);
        }
        return hosts;
    }

    /**
     * A packet of several hosts was refused as a whole. Its first host may be one that nobody knows, while the others
     * live on proxies of a group that is not known yet. So a few are asked for alone.
     *
     * @return null if it is as it seems
     */
    private @Nullable Split sample(Packet packet, ZabbixServer server) throws IOException {
        if (destinations.any() || Destinations.isOfOneHost(packet.values)) {
            return null;
        }
        List<List<ZabbixValue>> hosts = new ArrayList<>(byHost(packet.values).values());
        for (int i = 0; i < SAMPLES && hosts.size() > 1; i++) {
            Packet single = new Packet(hosts.remove(ThreadLocalRandom.current().nextInt(1, hosts.size())));
            if (single.exchange(server) instanceof Redirect redirect && redirect.to() != null) {
                destinations.redirect(single.host, redirect.to());
                return new Split(destinations.parts(packet.values));
            }
        }
        return null;
    }

    /** Asks those before home, now and then, whether they take values again. */
    private void probe() {
        OwnValues own = options.own();
        if (own == null || probing.get()) {
            return;
        }
        int better = states.dueProbes(nowNanos());
        if (better == 0 || !probing.compareAndSet(false, true)) {
            return;
        }
        options.probes().execute(() -> {
            try {
                for (int index = 0; index < better; index++) {
                    if (isBack(index, own)) {
                        return;
                    }
                }
            } catch (RuntimeException e) {
                LOG.error("a Zabbix server could not be asked whether it is back", e);
            } finally {
                probing.set(false);
            }
        });
    }

    private boolean isBack(int index, OwnValues own) {
        ZabbixServer server = servers.get(index);
        try {
            if (takesOwn(server, own)) {
                states.takes(index, nowNanos());
                LOG.info("Zabbix server {} takes values again and is preferred", server);
                return true;
            }
            failed(index, new TakesNothingException(own.host()));
        } catch (IOException e) {
            failed(index, e);
        }
        return false;
    }

    private long nowNanos() {
        return options.nanoClock().getAsLong();
    }

    /** Whether the last packet was answered by a server that takes values of the agent's host. */
    @AnyThread
    public boolean isConnected() {
        return states.isConnected();
    }

    /**
     * Servers that do not take values although they should, and files of keys that cannot be used. Those behind the one
     * in use are not asked and no problem. Cheap.
     */
    @AnyThread
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>(states.problems());
        problems.addAll(transport.problems());
        return problems;
    }

    /** The server or proxy that answered the last packet, or null. */
    @Nullable
    public ZabbixServer lastServer() {
        return lastServer;
    }

    @Override
    public void close() {
        transport.close();
    }
}
