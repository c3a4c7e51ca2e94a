package io.pingagent.testkit;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A network namespace with loopback up and nothing else in it, for one test.
 *
 * <p>{@link #call} runs code on the one thread that lives inside. A socket or TUN device opened there belongs to the
 * namespace for good and may then be used from any thread. The namespace, and every process in it, ends with
 * {@link #close()} and also with this JVM, however that ends. Any thread.
 */
public final class NetworkNamespace implements AutoCloseable {

    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final String name;
    private final @Nullable Guard guard;
    private final ExecutorService inside;

    private NetworkNamespace(String name, @Nullable Guard guard) throws IOException {
        this.name = name;
        this.guard = guard;
        ThreadFactory threads = work -> {
            Thread thread = new Thread(work, "netns-" + name);
            thread.setDaemon(true);
            return thread;
        };
        this.inside = Executors.newSingleThreadExecutor(threads);
        call(() -> {
            enter(name);
            return name;
        });
    }

    /**
     * Makes one; ask {@link Requires#networkNamespaces()} first.
     *
     * @param purpose a few letters for its name, to be recognised in {@code ip netns}
     * @throws UncheckedIOException if that is not permitted
     */
    public static NetworkNamespace create(String purpose) {
        return make(uniqueName(purpose));
    }

    /** Opens the one of that name and leaves it in place when closed; if there is none, makes it and removes it. */
    static NetworkNamespace named(String name) throws IOException {
        boolean exists = Command.check("ip", "netns", "list")
                .lines()
                .anyMatch(line -> line.equals(name) || line.startsWith(name + " "));
        return exists ? new NetworkNamespace(name, null) : make(name);
    }

    private static NetworkNamespace make(String name) {
        try {
            Command.check("ip", "netns", "add", name);
            Guard guard = Guard.after(
                    "sh", "-c", "kill -9 $(ip netns pids \"$0\") 2>/dev/null; ip netns delete \"$0\"", name);
            try {
                NetworkNamespace namespace = new NetworkNamespace(name, guard);
                namespace.check("ip", "link", "set", "lo", "up");
                return namespace;
            } catch (IOException | RuntimeException e) {
                guard.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A name that no other namespace of this machine has. */
    static String uniqueName(String purpose) {
        return "pa-" + purpose + "-" + ProcessHandle.current().pid() + "-" + COUNTER.incrementAndGet();
    }

    /** As {@code ip netns} knows it. */
    public String name() {
        return name;
    }

    /**
     * Runs code on the thread inside and waits for it.
     *
     * @throws IOException what the code threw, as it is or, any other checked exception, as the cause
     */
    public <T> T call(Callable<T> work) throws IOException {
        try {
            return inside.submit(work).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            if (e.getCause() instanceof RuntimeException runtime) {
                throw runtime;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IOException("in namespace " + name, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted in namespace " + name);
        }
    }

    /** Runs a command inside to its end, see {@link Command#run}. */
    public Command exec(String... command) throws IOException {
        return Command.run(command(command).toArray(String[]::new));
    }

    /** As {@link #exec}, for commands that must succeed: gives their output. */
    public String check(String... command) throws IOException {
        return Command.check(command(command).toArray(String[]::new));
    }

    /** The words that run a command inside, for a {@link ProcessBuilder}; the process has the command's own id. */
    public List<String> command(String... command) {
        return List.of(Command.join(new String[] {"ip", "netns", "exec", name}, command));
    }

    /**
     * Starts a process inside, with pipes to this JVM; standard error goes where standard output goes. It is killed at
     * {@link #close()} at the latest.
     */
    public Process start(String... command) throws IOException {
        return new ProcessBuilder(command(command)).redirectErrorStream(true).start();
    }

    /**
     * Lets the kernel lose echo replies that come in, IPv4 and IPv6, at random; replaces the share given before.
     *
     * @param percent 0 to 100; 0 loses none
     */
    public void loseEchoReplies(int percent) throws IOException {
        if (percent < 0 || percent > 100) {
            throw new IllegalArgumentException("0 to 100 percent can be lost, not " + percent);
        }
        check("nft", "add table inet pingagent_loss; delete table inet pingagent_loss");
        if (percent > 0) {
            String lose = percent == 100 ? " drop; " : " numgen random mod 100 < " + percent + " drop; ";
            check(
                    "nft",
                    "table inet pingagent_loss { chain input { type filter hook input priority 0; "
                            + "icmp type echo-reply" + lose + "icmpv6 type echo-reply" + lose + "}\n}\n");
        }
    }

    /**
     * Connects two namespaces by a pair of devices, both named {@code device}.
     *
     * @param device at most 15 letters
     * @param address of this end, with prefix length: {@code 10.7.0.1/24}, {@code fd00:7::1/64}
     * @param otherAddress of the other end
     */
    public void connect(String device, String address, NetworkNamespace other, String otherAddress) throws IOException {
        check("ip", "link", "add", device, "type", "veth", "peer", "name", device, "netns", other.name);
        up(device, address);
        other.up(device, otherAddress);
    }

    private void up(String device, String address) throws IOException {
        if (address.indexOf(':') >= 0) {
            check("ip", "address", "add", address, "dev", device, "nodad");
        } else {
            check("ip", "address", "add", address, "dev", device);
        }
        check("ip", "link", "set", device, "up");
    }

    /** Kills every process inside and removes the namespace. Devices that are still open stay until they are closed. */
    @Override
    public void close() {
        inside.shutdown();
        if (guard != null) {
            guard.close();
        }
    }

    private static void enter(String name) throws IOException {
        try {
            int descriptor = TestLibc.open("/run/netns/" + name, TestLibc.O_RDONLY | TestLibc.O_CLOEXEC);
            try {
                TestLibc.setns(descriptor, TestLibc.CLONE_NEWNET);
            } finally {
                TestLibc.close(descriptor);
            }
        } catch (LastErrorException e) {
            throw new IOException("cannot enter the network namespace " + name, e);
        }
    }
}
