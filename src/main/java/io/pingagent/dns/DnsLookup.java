package io.pingagent.dns;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.DnsServer;
import io.pingagent.model.IpAddress;
import io.pingagent.model.NeverAnswers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.config.ResolvConfResolverConfigProvider;
import org.xbill.DNS.hosts.HostsFileParser;
import org.xbill.DNS.lookup.LookupResult;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;
import org.xbill.DNS.lookup.ServerFailedException;

/**
 * Asks the name servers of {@code /etc/resolv.conf}, or those of the configuration. As with the system's resolver,
 * {@code /etc/hosts} comes first, domains are searched, and a truncated answer is asked for by TCP. Each question has a
 * socket of its own with a random port.
 *
 * <p>Both files are read again when they change. dnsjava's thread and classes come with the first object of this class.
 */
final class DnsLookup implements Lookup {

    private static final Logger LOG = LogManager.getLogger(DnsLookup.class);

    /** A server that is asked through a slow line answers later than any echo reply. */
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    /** Failures of the preferred server in a row, none of them answered by it, before the next one is preferred. */
    private static final int PATIENCE = 8;

    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    private static final Path HOSTS = Path.of("/etc/hosts");

    /** What distinguishes one state of a file from another. */
    private record Sign(long modified, long bytes, @Nullable Object inode) {

        static final Sign NO_FILE = new Sign(0, -1, null);

        static Sign of(Path file) {
            try {
                BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
                return new Sign(found.lastModifiedTime().toMillis(), found.size(), found.fileKey());
            } catch (IOException e) {
                return NO_FILE;
            }
        }
    }

    private final List<InetSocketAddress> ownServers;

    @OwnedBy("ping-dns")
    private List<LookupSession> sessions = List.of();

    @OwnedBy("ping-dns")
    private Sign resolvConf = Sign.NO_FILE;

    @OwnedBy("ping-dns")
    private Sign hosts = Sign.NO_FILE;

    /** Which server is asked first; counted on without end. */
    private final AtomicInteger preferred = new AtomicInteger();

    private final AtomicInteger failuresInARow = new AtomicInteger();

    DnsLookup(List<DnsServer> servers) {
        ownServers = servers.stream().map(DnsLookup::socketAddress).toList();
        open(Sign.of(RESOLV_CONF), Sign.of(HOSTS));
    }

    private static InetSocketAddress socketAddress(DnsServer server) {
        try {
            return new InetSocketAddress(InetAddress.getByName(server.address().toString()), server.port());
        } catch (UnknownHostException e) {
            // With the zone of an interface that this host does not have.
            return InetSocketAddress.createUnresolved(server.address().toString(), server.port());
        }
    }

    @Override
    @OwnedBy("ping-dns")
    public void refresh() {
        Sign resolvConfNow = Sign.of(RESOLV_CONF);
        Sign hostsNow = Sign.of(HOSTS);
        if (!resolvConfNow.equals(resolvConf) || !hostsNow.equals(hosts)) {
            open(resolvConfNow, hostsNow);
            LOG.info("{} or {} has changed, and is read again", RESOLV_CONF, HOSTS);
        }
    }

    @OwnedBy("maker")
    private void open(Sign resolvConfNow, Sign hostsNow) {
        ResolvConfResolverConfigProvider system = new ResolvConfResolverConfigProvider();
        system.initialize();
        List<InetSocketAddress> servers = new ArrayList<>(ownServers.isEmpty() ? system.servers() : ownServers);
        if (servers.isEmpty()) {
            // As resolv.conf(5) has it.
            servers.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), SimpleResolver.DEFAULT_PORT));
        }
        HostsFileParser hostsFile = new HostsFileParser(HOSTS);
        List<LookupSession> opened = new ArrayList<>();
        for (InetSocketAddress server : servers) {
            SimpleResolver resolver = new SimpleResolver(server);
            resolver.setTimeout(TIMEOUT);
            LookupSession.LookupSessionBuilder session = LookupSession.builder()
                    .resolver(resolver)
                    .hostsFileParser(hostsFile)
                    .ndots(system.ndots())
                    // On the library's thread: what is left to do is short, and a pool would start a thread for each
                    // answer.
                    .executor(Runnable::run);
            if (!system.searchPaths().isEmpty()) {
                session.searchPath(system.searchPaths());
            }
            opened.add(session.build());
        }
        sessions = opened;
        resolvConf = resolvConfNow;
        hosts = hostsNow;
    }

    @Override
    @OwnedBy("ping-dns")
    public void ask(String name, boolean isV6, int attempt, Consumer<Answer> sink) {
        int server = preferred.get();
        LookupSession session = sessions.get(Math.floorMod(server + attempt, sessions.size()));
        boolean isPreferred = Math.floorMod(attempt, sessions.size()) == 0;
        try {
            session.lookupAsync(Name.fromString(name), isV6 ? Type.AAAA : Type.A)
                    .whenComplete((result, failure) -> {
                        Answer answer = answer(result, failure, isV6);
                        if (isPreferred) {
                            judge(server, answer);
                        }
                        sink.accept(answer);
                    });
        } catch (TextParseException | RuntimeException e) {
            sink.accept(Answer.failed("it cannot be asked for: " + e));
        }
    }

    /** A server that answers nothing more is not asked first any more. */
    private void judge(int server, Answer answer) {
        if (answer.kind() != Answer.Kind.FAILED) {
            failuresInARow.set(0);
        } else if (failuresInARow.incrementAndGet() >= PATIENCE && preferred.compareAndSet(server, server + 1)) {
            failuresInARow.set(0);
        }
    }

    private static Answer answer(@Nullable LookupResult result, @Nullable Throwable failure, boolean isV6) {
        if (result == null || failure != null) {
            return failed(failure, isV6);
        }
        List<IpAddress> addresses = new ArrayList<>();
        String refused = "";
        long ttlSeconds = Long.MAX_VALUE;
        for (Record found : result.getRecords()) {
            byte[] bytes = found instanceof AAAARecord v6
                    ? v6.getAddress().getAddress()
                    : found instanceof ARecord v4 ? v4.getAddress().getAddress() : new byte[0];
            if (bytes.length == 0) {
                continue;
            }
            // Java makes an IPv4 address of an IPv4-mapped one: it is none that an AAAA record should have.
            IpAddress address = IpAddress.ofBytes(bytes);
            String why = address.isV6() == isV6 ? NeverAnswers.why(address) : "it is an IPv4 address in IPv6 notation";
            if (why.isEmpty()) {
                addresses.add(address);
                ttlSeconds = Math.min(ttlSeconds, found.getTTL());
            } else {
                refused = "the answer has " + address + ", which can never answer: " + why;
            }
        }
        if (!addresses.isEmpty()) {
            return Answer.of(addresses, ttlSeconds);
        }
        return refused.isEmpty() ? Answer.none(noRecord(isV6)) : Answer.failed(refused);
    }

    private static Answer failed(@Nullable Throwable failure, boolean isV6) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof NoSuchDomainException) {
                return Answer.none("no such name (NXDOMAIN)");
            }
            if (cause instanceof NoSuchRRSetException) {
                return Answer.none(noRecord(isV6));
            }
            if (cause instanceof ServerFailedException) {
                return Answer.failed("the DNS server has no answer (SERVFAIL, REFUSED or the like)");
            }
            if (cause instanceof TimeoutException || cause instanceof SocketTimeoutException) {
                return Answer.failed("no DNS server answers within " + TIMEOUT.toSeconds() + " s");
            }
            if (cause instanceof IOException && cause.getCause() == null) {
                return Answer.failed("the DNS server cannot be asked: " + cause.getMessage());
            }
        }
        Throwable shown = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
        return Answer.failed("the DNS server's answer is unusable: " + shown);
    }

    private static String noRecord(boolean isV6) {
        return isV6 ? "no AAAA record" : "no A record";
    }
}
