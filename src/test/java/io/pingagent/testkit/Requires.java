package io.pingagent.testkit;

import com.sun.jna.LastErrorException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs from the machine, asked for in {@code @BeforeAll}.
 *
 * <p>With {@code CI=true} in the environment a missing part fails the test. Elsewhere the test is skipped, and one line
 * on standard output says, once per JVM, what is missing and which Debian package or right would bring it. Any thread.
 */
public final class Requires {

    private static final String NAMESPACE_REMEDY =
            "run as root (CAP_SYS_ADMIN and CAP_NET_ADMIN); Debian package iproute2";

    private static final Map<String, Boolean> ANSWERS = new ConcurrentHashMap<>();
    private static final Set<String> ANNOUNCED = ConcurrentHashMap.newKeySet();

    private Requires() {}

    /** Whether nothing may be skipped. */
    public static boolean ci() {
        return "true".equalsIgnoreCase(System.getenv("CI"));
    }

    public static void root() {
        require("root", Requires::isRoot, "run as root");
    }

    /** Raw ICMP sockets, IPv4. */
    public static void rawSockets() {
        require(
                "raw ICMP sockets",
                () -> opensRawSocket(TestLibc.AF_INET, TestLibc.IPPROTO_ICMP),
                "run as root or with CAP_NET_RAW (setpriv, Debian package util-linux)");
    }

    /** Raw ICMPv6 sockets. */
    public static void rawSocketsV6() {
        require(
                "raw ICMPv6 sockets",
                () -> opensRawSocket(TestLibc.AF_INET6, TestLibc.IPPROTO_ICMPV6),
                "run as root or with CAP_NET_RAW, on a kernel with IPv6");
    }

    /**
     * A Redis server. With {@code CI=true} it must be installed; elsewhere the embedded one stands in, which is said in
     * one line, and nothing is skipped.
     */
    public static void redisServer() {
        if (!ci() && !hasProgram("redis-server")) {
            say(
                    "note: no redis-server on the PATH, tests use the embedded one; install the Debian package redis-server");
            return;
        }
        program("redis-server", "redis-server");
    }

    /** Network namespaces that this process may create ({@link NetworkNamespace}). */
    public static void networkNamespaces() {
        require("network namespaces", Requires::createsNamespace, NAMESPACE_REMEDY);
    }

    /** TUN devices, and namespaces to put them in ({@link TunResponder}). */
    public static void tun() {
        networkNamespaces();
        require(
                "a TUN device",
                () -> {
                    try {
                        TestLibc.close(TestLibc.open("/dev/net/tun", TestLibc.O_RDWR | TestLibc.O_CLOEXEC));
                        return true;
                    } catch (LastErrorException e) {
                        return false;
                    }
                },
                "run as root on a kernel with /dev/net/tun (modprobe tun; Debian package kmod)");
    }

    /** The {@code nft} program and a kernel that takes its rules, in a namespace. */
    public static void nft() {
        networkNamespaces();
        program("nft", "nftables");
        require(
                "nftables in the kernel",
                () -> inTemporaryNamespace("nft", "add", "table", "inet", "probe"),
                "use a kernel with nf_tables (modprobe nf_tables; Debian package nftables)");
    }

    public static void fping() {
        program("fping", "fping");
    }

    /**
     * @param name a program that must be on the PATH
     * @param debianPackage the package that brings it
     */
    public static void program(String name, String debianPackage) {
        require(name, () -> hasProgram(name), "install the Debian package " + debianPackage);
    }

    /** Whether a program is on the PATH; for tests that have another way without it. */
    public static boolean hasProgram(String name) {
        return findProgram(name).isPresent();
    }

    /**
     * The general form.
     *
     * @param what the missing part, as a noun
     * @param present asked once per JVM and {@code what}
     * @param remedy what would bring it, naming the Debian package or the right
     */
    public static void require(String what, BooleanSupplier present, String remedy) {
        // Not computeIfAbsent: one check may ask for another.
        Boolean answer = ANSWERS.get(what);
        if (answer == null) {
            answer = present.getAsBoolean();
            ANSWERS.put(what, answer);
        }
        if (!answer && !ci()) {
            say("skipped: tests that need " + what + " (such as " + askingTest() + "); to have them run: " + remedy);
        }
        decide(what, answer, remedy, ci());
    }

    static void decide(String what, boolean present, String remedy, boolean ci) {
        if (present) {
            return;
        }
        if (ci) {
            throw new AssertionError("CI=true and this machine has no " + what + ": " + remedy);
        }
        Assumptions.abort("needs " + what + ": " + remedy);
    }

    static Optional<Path> findProgram(String name) {
        // The directories of root's programs are not on everybody's PATH.
        String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin:/sbin:/usr/bin:/bin";
        for (String directory : path.split(File.pathSeparator, -1)) {
            Path candidate = Path.of(directory, name);
            if (!directory.isEmpty() && Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /** The first line of a kind is printed, the test's name in brackets aside. */
    private static void say(String line) {
        if (ANNOUNCED.add(line.replaceFirst(" \\(such as [^)]*\\)", ""))) {
            System.out.println(line);
        }
    }

    private static String askingTest() {
        return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .walk(frames -> frames.map(StackWalker.StackFrame::getDeclaringClass)
                        .filter(type -> type != Requires.class
                                && type.getName().startsWith("io.pingagent.")
                                && (type.getSimpleName().endsWith("IT")
                                        || type.getSimpleName().endsWith("Test")
                                        || type.getSimpleName().endsWith("Contract")))
                        .map(Class::getSimpleName)
                        .findFirst()
                        .orElse("an integration test"));
    }

    private static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private static boolean opensRawSocket(int family, int protocol) {
        try {
            TestLibc.close(TestLibc.socket(family, TestLibc.SOCK_RAW | TestLibc.SOCK_CLOEXEC, protocol));
            return true;
        } catch (LastErrorException e) {
            return false;
        }
    }

    private static boolean createsNamespace() {
        return hasProgram("ip") && inTemporaryNamespace("ip", "link", "set", "lo", "up");
    }

    private static boolean inTemporaryNamespace(String... command) {
        String name = NetworkNamespace.uniqueName("check");
        try {
            if (Command.run("ip", "netns", "add", name).exitStatus() != 0) {
                return false;
            }
            try {
                return Command.run(Command.join(new String[] {"ip", "netns", "exec", name}, command))
                                .exitStatus()
                        == 0;
            } finally {
                Command.run("ip", "netns", "delete", name);
            }
        } catch (IOException e) {
            return false;
        }
    }
}
