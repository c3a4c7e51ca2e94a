package io.pingagent.testkit;

import com.sun.jna.LastErrorException;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.testkit.Behaviour.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * Whole networks that answer echo requests, rightly or wrongly, as told: a TUN device in a {@link NetworkNamespace} with
 * a thread behind it.
 *
 * <p>Probers in the namespace reach {@value #V4_NETWORK} and {@value #V6_NETWORK} through it, from 10.8.0.1 and
 * fd00:8::1. Behaviours may be changed at any time and hold for requests that arrive afterwards. Every request is
 * recorded with its time of arrival. Any thread.
 */
public final class TunResponder implements AutoCloseable {

    public static final String V4_NETWORK = "10.9.0.0/16";
    public static final String V6_NETWORK = "fd00:9::/64";

    private static final String V4_SOURCE = "10.8.0.1";
    private static final String V6_SOURCE = "fd00:8::1";

    /** So soon the thread notices that it is to end. */
    private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Packets read before answers that are due get their turn. */
    private static final int READ_BATCH = 16;

    /** From so many packets per window on, they are collected for the length of a nap. */
    private static final long BUSY_PACKETS = 12;

    private static final int NICE = -10;

    private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long NAP_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    /** What is counted. */
    public enum Count {
        /** Right echo requests. */
        REQUESTS,
        /** Packets handed to the kernel, duplicates and errors too. */
        ANSWERS,
        /** Requests left unanswered by {@link Behaviour#losing} or {@link Answer#SILENCE}. */
        UNANSWERED,
        /** Packets that are no echo request. */
        SOMETHING_ELSE,
        /** Echo requests with a wrong checksum; they get no answer. */
        BAD_CHECKSUM,
        /** Answers that the kernel did not take. */
        REFUSED,
        /** Requests beyond the length of the record. */
        UNRECORDED
    }

    /**
     * An echo request as it arrived.
     *
     * @param timeNanos of arrival, {@link System#nanoTime()}, which is CLOCK_MONOTONIC
     * @param hopLimit TTL or hop limit
     * @param trafficClass TOS or traffic class: DSCP in its upper six bits
     * @param dontFragment always true for IPv6
     * @param payloadLength without ICMP header
     * @param payloadHead the first 32 bytes of the payload, fewer if it is shorter; read it by absolute index
     * @param answered false if it was left unanswered by {@link Behaviour#losing} or {@link Answer#SILENCE}
     */
    public record Request(
            long timeNanos,
            IpAddress destination,
            IpAddress source,
            int identifier,
            int sequence,
            int hopLimit,
            int trafficClass,
            boolean dontFragment,
            int payloadLength,
            ByteBuffer payloadHead,
            boolean answered) {}

    /** What can be chosen before the start. */
    public static final class Builder {
        private final NetworkNamespace namespace;
        private int mtu = 1500;
        private long seed = 1;
        private long recordLimit = 4_000_000;
        private boolean recordHeads = true;

        private Builder(NetworkNamespace namespace) {
            this.namespace = namespace;
        }

        /** Longest packet, default 1,500 bytes; fragments are not answered. */
        public Builder mtu(int bytes) {
            mtu = bytes;
            return this;
        }

        /** Of everything random, default 1. */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /** How many requests are recorded at most, default four million (90 bytes each). */
        public Builder recordLimit(long requests) {
            recordLimit = requests;
            return this;
        }

        /** Records requests without their payload (58 bytes each). */
        public Builder withoutPayloads() {
            recordHeads = false;
            return this;
        }

        /** @throws UncheckedIOException if there can be no TUN device; ask {@link Requires#tun()} first */
        public TunResponder start() {
            try {
                return new TunResponder(this);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final NetworkNamespace namespace;
    private final String deviceName;
    private final int mtu;
    private final TunDevice device;
    private final RequestLog log;
    private final BehaviourRules rules = new BehaviourRules();
    private final Map<Count, AtomicLong> counts = new EnumMap<>(Count.class);
    private final long startNanos = System.nanoTime();
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable IOException problem;

    // Only for the responder's thread.
    private final SplittableRandom random;
    private final AnswerForge forge;
    private final ReplyQueue queue = new ReplyQueue();
    private final EchoRequest request = new EchoRequest();
    private long windowStartNanos = startNanos;
    private long readInWindow;
    private boolean busy;
    private final byte[] in;
    private final byte[] out;

    private TunResponder(Builder builder) throws IOException {
        namespace = builder.namespace;
        for (Count count : Count.values()) {
            counts.put(count, new AtomicLong());
        }
        mtu = builder.mtu;
        // One number per namespace would do; the JVM's counter is at hand.
        deviceName = "responder" + Integer.toHexString(System.identityHashCode(this) & 0xffff);
        random = new SplittableRandom(builder.seed);
        forge = new AnswerForge(random.split(), mtu);
        log = new RequestLog(builder.recordLimit, builder.recordHeads);
        in = new byte[mtu];
        out = new byte[mtu + 64];
        device = namespace.call(() -> TunDevice.open(deviceName, mtu));
        thread = new Thread(this::run, "tun-responder");
        thread.setDaemon(true);
        try {
            configure();
            thread.start();
        } catch (IOException | RuntimeException e) {
            device.close();
            throw e;
        }
    }

    /** One in this namespace, honest and with everything as usual. */
    public static TunResponder start(NetworkNamespace namespace) {
        return in(namespace).start();
    }

    public static Builder in(NetworkNamespace namespace) {
        return new Builder(namespace);
    }

    private void configure() throws IOException {
        namespace.check(
                "sh",
                "-c",
                // Answers from foreign sources must arrive, and IPv6 must not ask around by itself.
                "echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter; echo 0 >/proc/sys/net/ipv4/conf/" + deviceName
                        + "/rp_filter");
        namespace.check("ip", "link", "set", deviceName, "mtu", Integer.toString(mtu), "txqueuelen", "100000", "up");
        namespace.check("ip", "address", "replace", V4_SOURCE + "/32", "dev", deviceName);
        route(V4_NETWORK);
        if (hasV6()) {
            namespace.check("ip", "address", "replace", V6_SOURCE + "/128", "dev", deviceName, "nodad");
            route(V6_NETWORK);
        }
    }

    private static boolean hasV6() {
        return Files.exists(Path.of("/proc/net/if_inet6"));
    }

    /** The namespace in which it answers. */
    public NetworkNamespace namespace() {
        return namespace;
    }

    /** Name of the TUN device, for probes bound to it. */
    public String deviceName() {
        return deviceName;
    }

    /** Sends one more network of the namespace through the responder. */
    public void route(String cidr) throws IOException {
        boolean isV6 = cidr.indexOf(':') >= 0;
        namespace.check(
                "ip",
                isV6 ? "-6" : "-4",
                "route",
                "replace",
                cidr,
                "dev",
                deviceName,
                "src",
                isV6 ? V6_SOURCE : V4_SOURCE);
    }

    /** Behaviour of every address without one of its own. */
    public void behave(Behaviour behaviour) {
        rules.otherwise(behaviour);
    }

    /** Behaviour of one address. */
    public void behave(IpAddress address, Behaviour behaviour) {
        rules.set(address, behaviour);
    }

    /** Behaviour of an address or of a network ({@code 10.9.1.0/24}); the network given last wins. */
    public void behave(String addressOrCidr, Behaviour behaviour) {
        if (addressOrCidr.indexOf('/') < 0) {
            rules.set(Addresses.parse(addressOrCidr), behaviour);
        } else {
            rules.add(BehaviourRules.Network.parse(addressOrCidr), behaviour, 0, Long.MAX_VALUE);
        }
    }

    /** Behaviour of a network for a time, counted from the start of this responder. */
    public void behave(String cidr, Behaviour behaviour, Duration from, Duration until) {
        rules.add(BehaviourRules.Network.parse(cidr), behaviour, from.toNanos(), until.toNanos());
    }

    /** Everything honest again. */
    public void behaveHonestly() {
        rules.clear();
    }

    /** By hand, for acceptance runs: {@code --help} tells. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new TunResponderCommand()).execute(arguments));
    }

    /** {@link System#nanoTime()} from which times given to {@link #behave} count. */
    public long startNanos() {
        return startNanos;
    }

    public long count(Count count) {
        return counter(count).get();
    }

    /** Every request so far, in the order of arrival. */
    public List<Request> requests() {
        return log.all();
    }

    public List<Request> requests(IpAddress destination) {
        return log.to(destination);
    }

    /** When requests for this address arrived, {@link System#nanoTime()}. */
    public long[] requestTimes(IpAddress destination) {
        return log.timesTo(destination);
    }

    /** When requests arrived, per address, in the order of addresses. */
    public Map<IpAddress, long[]> requestTimes() {
        return log.times();
    }

    /** Forgets the requests so far; the counts go on. */
    public void forgetRequests() {
        log.clear();
    }

    /**
     * Ends the thread and removes the device; answers that are not yet due are not sent.
     *
     * @throws IllegalStateException if the responder had failed meanwhile
     */
    @Override
    public void close() {
        closed = true;
        Threads.joinUninterruptibly(thread);
        IOException found = problem;
        if (found != null) {
            throw new IllegalStateException("the responder had stopped answering", found);
        }
    }

    private void run() {
        try {
            // Linux wakes threads up to 50 µs late on purpose unless told not to.
            TestLibc.prctl(TestLibc.PR_SET_TIMERSLACK, 1, 0, 0, 0);
            // A network is never short of processor time. Needs root, as do namespaces; without it, it stays as it is.
            TestLibc.setpriority(TestLibc.PRIO_PROCESS, 0, NICE);
            while (!closed) {
                boolean more = readSome();
                long waitNanos = sendDue();
                if (more || waitNanos <= 0) {
                    continue;
                }
                if (isBusy()) {
                    device.pause(Math.min(waitNanos, NAP_NANOS));
                } else {
                    device.await(waitNanos);
                }
            }
        } catch (IOException | LastErrorException e) {
            problem = e instanceof IOException io ? io : new IOException(e);
        } finally {
            device.close();
        }
    }

    /** Whether so many packets come that waiting for each one would cost more than answering it. */
    private boolean isBusy() {
        long nowNanos = System.nanoTime();
        if (nowNanos - windowStartNanos >= WINDOW_NANOS) {
            busy = readInWindow * WINDOW_NANOS > BUSY_PACKETS * (nowNanos - windowStartNanos);
            windowStartNanos = nowNanos;
            readInWindow = 0;
        }
        return busy;
    }

    /** Sends what is due and tells how long until the next. */
    private long sendDue() {
        while (queue.size() > 0) {
            long waitNanos = queue.firstDueNanos() - System.nanoTime();
            if (waitNanos > 0) {
                return Math.min(waitNanos, LONGEST_WAIT_NANOS);
            }
            write(queue.firstPacket(), queue.firstLength());
            queue.removeFirst();
        }
        return LONGEST_WAIT_NANOS;
    }

    /** False if there was nothing more to read. */
    private boolean readSome() throws IOException {
        for (int i = 0; i < READ_BATCH; i++) {
            int length = device.read(in);
            if (length == 0) {
                return false;
            }
            readInWindow++;
            long nowNanos = System.nanoTime();
            switch (request.read(in, length)) {
                case ECHO_REQUEST -> answer(nowNanos);
                case BAD_CHECKSUM -> add(Count.BAD_CHECKSUM);
                case SOMETHING_ELSE -> add(Count.SOMETHING_ELSE);
            }
        }
        return true;
    }

    private void answer(long nowNanos) {
        add(Count.REQUESTS);
        Behaviour behaviour = rules.of(request, nowNanos - startNanos);
        Answer answer = behaviour.share < 1 && random.nextDouble() >= behaviour.share ? Answer.ECHO : behaviour.answer;
        boolean answered =
                answer != Answer.SILENCE && !(behaviour.lossShare > 0 && random.nextDouble() < behaviour.lossShare);
        if (!log.add(request, nowNanos, answered)) {
            add(Count.UNRECORDED);
        }
        if (!answered) {
            add(Count.UNANSWERED);
            return;
        }
        long dueNanos = nowNanos + behaviour.delayNanos;
        if (behaviour.jitterNanos > 0) {
            dueNanos += random.nextLong(behaviour.jitterNanos);
        }
        int length = forge.forge(behaviour, answer, request, out);
        for (int i = 0; i <= behaviour.duplicates; i++) {
            send(dueNanos + i * behaviour.duplicateGapNanos, nowNanos, length);
        }
        if (behaviour.honestToo) {
            send(dueNanos, nowNanos, forge.forge(behaviour, Answer.ECHO, request, out));
        }
    }

    private void send(long dueNanos, long nowNanos, int length) {
        if (dueNanos - nowNanos <= 0) {
            write(out, length);
        } else {
            queue.add(dueNanos, out, length);
        }
    }

    private void write(byte[] packet, int length) {
        add(device.write(packet, length) ? Count.ANSWERS : Count.REFUSED);
    }

    private AtomicLong counter(Count count) {
        return Objects.requireNonNull(counts.get(count));
    }

    private void add(Count count) {
        counter(count).getAndIncrement();
    }
}
