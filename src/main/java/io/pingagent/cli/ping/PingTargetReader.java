package io.pingagent.cli.ping;

import io.pingagent.cli.shell.Ansi;
import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.model.NeverAnswers;
import io.pingagent.model.Zones;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns what was typed into targets, in that order. Addresses are parsed here; names go to the system's resolver, several at
 * a time, each once. A name that is not found costs one line on standard error and the rest is still probed.
 */
final class PingTargetReader implements AutoCloseable {

    /** Which addresses are wanted. */
    enum Family {
        ANY,
        V4,
        V6
    }

    private static final int RESOLVER_THREADS = 16;
    private static final int MOST_PENDING = 4096;
    private static final int MOST_FREE_BITS = 24;
    private static final int MOST_GENERATED = 1 << MOST_FREE_BITS;
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    /**
     * How rows are found and named.
     *
     * @param showAddresses whether a row shows its address, beside a name that was looked up or instead of one given
     * @param nameAddresses whether addresses are looked up and shown by name
     * @param nameAll the same of names as well
     * @param everyAddress whether a name stands for all its addresses
     */
    record Naming(boolean showAddresses, boolean nameAddresses, boolean nameAll, boolean everyAddress) {}

    /** A row; the name is empty for the address itself. */
    private record Row(String name, IpAddress address) {}

    /** What was typed and its rows, which may still be on their way. */
    private record Pending(
            String text,
            @Nullable IpAddress address,
            @Nullable Future<List<Row>> lookup) {}

    private final Terminal terminal;
    private final Family family;
    private final Naming naming;
    private final boolean quiet;
    private final boolean isJson;
    private final PingTargets targets = new PingTargets();
    private final Deque<Pending> pending = new ArrayDeque<>();
    private @Nullable ExecutorService resolvers;
    private int unknownNames;

    /**
     * @param quiet whether standard error says nothing of names that are not found
     * @param isJson whether standard output does
     */
    PingTargetReader(Terminal terminal, Family family, Naming naming, boolean quiet, boolean isJson) {
        this.terminal = terminal;
        this.family = family;
        this.naming = naming;
        this.quiet = quiet;
        this.isJson = isJson;
    }

    /** An address or a name. */
    void add(String text) {
        add(text, literal(text));
    }

    /** An address that is shown as it is, unless options want its name. */
    void add(IpAddress address) {
        add("", address);
    }

    private void add(String text, @Nullable IpAddress literal) {
        boolean isKnown = literal != null && !naming.nameAddresses && !naming.nameAll;
        pending.add(isKnown ? new Pending(text, literal, null) : new Pending(text, null, lookUp(text, literal)));
        while (!pending.isEmpty() && (pending.size() > MOST_PENDING || pending.element().address != null)) {
            settle(pending.remove());
        }
    }

    /** One target per line, as fping reads them: the first word counts, blank lines and {@code #} lines do not. */
    void addLines(BufferedReader lines) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String text = BLANKS.split(line.strip(), 2)[0];
            if (!text.isEmpty() && text.charAt(0) != '#') {
                add(text);
            }
        }
    }

    /**
     * The hosts of a network. Of IPv4 up to /30 without network and broadcast address; IPv6 has none, so there all count,
     * as with fping 5.5.
     *
     * @throws CommandFailure if it is no network
     */
    void addNetwork(String cidr) {
        int slash = cidr.indexOf('/');
        if (slash < 0) {
            throw CommandFailure.usage(
                    "-g takes a network as in 192.0.2.0/24, or a first and a last address; got '" + cidr + "'");
        }
        IpAddress base = address(cidr.substring(0, slash));
        int bits = base.isV6() ? 128 : 32;
        int prefix = prefixLength(cidr, slash, bits);
        int freeBits = bits - prefix;
        if (freeBits > MOST_FREE_BITS) {
            throw CommandFailure.usage(
                    "'" + cidr + "' is too large; the largest network is /" + (bits - MOST_FREE_BITS));
        }
        long size = 1L << freeBits;
        long first = base.low() & -size;
        boolean hostsOnly = !base.isV6() && freeBits >= 2;
        addAll(base, hostsOnly ? first + 1 : first, hostsOnly ? size - 2 : size);
    }

    /**
     * All addresses from one to another.
     *
     * @throws CommandFailure if these are not two addresses in ascending order
     */
    void addRange(String from, String to) {
        IpAddress first = address(from);
        IpAddress last = address(to);
        if (first.isV6() != last.isV6()) {
            throw CommandFailure.usage("'" + from + "' and '" + to + "' are not of one family");
        }
        if (first.zone() != last.zone()) {
            throw CommandFailure.usage("'" + from + "' and '" + to + "' are not of one zone");
        }
        int order = Long.compareUnsigned(first.high(), last.high());
        if (order > 0 || order == 0 && Long.compareUnsigned(first.low(), last.low()) > 0) {
            throw CommandFailure.usage("'" + from + "' comes after '" + to + "'; write the lower address first");
        }
        long count = last.low() - first.low() + 1;
        // The lower half may overflow once within so few addresses, and then ends below where it began.
        boolean isNear =
                order == 0 || last.high() - first.high() == 1 && Long.compareUnsigned(last.low(), first.low()) < 0;
        if (!isNear || count <= 0 || count > MOST_GENERATED) {
            throw CommandFailure.usage(
                    "the range from '" + from + "' to '" + to + "' has more than 16,777,216 addresses");
        }
        addAll(first, first.low(), count);
    }

    /** Everything that was added, once all names are resolved. */
    PingTargets targets() {
        while (!pending.isEmpty()) {
            settle(pending.remove());
        }
        return targets;
    }

    int unknownNames() {
        return unknownNames;
    }

    @Override
    public void close() {
        if (resolvers != null) {
            resolvers.shutdownNow();
        }
    }

    private void addAll(IpAddress network, long firstLow, long count) {
        for (long i = 0; i < count; i++) {
            long low = firstLow + i;
            long carry = Long.compareUnsigned(low, firstLow) < 0 ? 1 : 0;
            IpAddress address = network.isV6()
                    ? IpAddress.v6(network.high() + carry, low, network.zone())
                    : IpAddress.v4((int) low);
            add("", address);
        }
    }

    private static int prefixLength(String cidr, int slash, int bits) {
        try {
            int prefix = Integer.parseInt(cidr.substring(slash + 1));
            if (prefix >= 0 && prefix <= bits) {
                return prefix;
            }
        } catch (NumberFormatException e) {
            // Reported below.
        }
        throw CommandFailure.usage("'" + cidr + "' has no prefix length from 0 to " + bits);
    }

    private static IpAddress address(String text) {
        try {
            return Addresses.parse(text);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(e.getMessage() + "; -g takes addresses only");
        }
    }

    private static @Nullable IpAddress literal(String text) {
        boolean mayBeAddress =
                text.indexOf(':') >= 0 || !text.isEmpty() && Character.digit(text.charAt(text.length() - 1), 10) >= 0;
        if (!mayBeAddress) {
            return null;
        }
        try {
            return Addresses.parse(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private Future<List<Row>> lookUp(String text, @Nullable IpAddress literal) {
        if (resolvers == null) {
            resolvers = Executors.newFixedThreadPool(RESOLVER_THREADS, task -> {
                Thread thread = new Thread(task, "ping-resolve");
                thread.setDaemon(true);
                return thread;
            });
        }
        return resolvers.submit(() -> {
            List<Row> rows = new ArrayList<>();
            for (IpAddress address : literal != null ? List.of(literal) : resolve(text)) {
                boolean isNamed = naming.nameAll || naming.nameAddresses && literal != null;
                String given = literal != null ? address.toString() : text;
                String name = isNamed ? nameOf(address, given) : given;
                rows.add(new Row(!naming.showAddresses ? name : isNamed ? name + " (" + address + ")" : "", address));
            }
            return rows;
        });
    }

    /** @throws UnknownHostException if it has no address of the family that is wanted */
    private List<IpAddress> resolve(String name) throws UnknownHostException {
        // What Java takes for the loopback address and for a literal, and no other program does.
        if (name.isEmpty() || name.charAt(0) == '[') {
            throw new UnknownHostException(name + ": Name or service not known");
        }
        List<IpAddress> addresses = new ArrayList<>();
        for (InetAddress found : InetAddress.getAllByName(name)) {
            IpAddress address = IpAddress.ofBytes(found.getAddress());
            if (found instanceof Inet6Address v6 && v6.getScopeId() != 0) {
                address = IpAddress.v6(address.high(), address.low(), zone(v6));
            }
            if (wanted(address)) {
                addresses.add(address);
                if (!naming.everyAddress) {
                    break;
                }
            }
        }
        if (addresses.isEmpty()) {
            throw new UnknownHostException(name + ": Address family for hostname not supported");
        }
        return addresses;
    }

    private static String nameOf(IpAddress address, String otherwise) throws UnknownHostException {
        String literal = address.zone() == 0
                ? address.toString()
                : IpAddress.v6(address.high(), address.low(), 0).toString();
        byte[] bytes = InetAddress.getByName(literal).getAddress();
        InetAddress nameless = InetAddress.getByAddress(bytes);
        String name = nameless.getHostName();
        return name.equals(nameless.getHostAddress()) ? otherwise : Ansi.harmless(name);
    }

    private static int zone(Inet6Address address) {
        NetworkInterface named = address.getScopedInterface();
        return Zones.number(named == null ? Integer.toString(address.getScopeId()) : named.getName());
    }

    private boolean wanted(IpAddress address) {
        return family == Family.ANY || (family == Family.V6) == address.isV6();
    }

    private void settle(Pending row) {
        try {
            if (row.address != null) {
                boolean isItself = naming.showAddresses || row.text.equals(row.address.toString());
                add(row.text, new Row(isItself ? "" : row.text, row.address));
                return;
            }
            for (Row found : Objects.requireNonNull(row.lookup).get()) {
                add(row.text, found);
            }
        } catch (ExecutionException e) {
            String message =
                    String.valueOf(e.getCause() == null ? null : e.getCause().getMessage());
            String prefix = row.text + ": ";
            unknown(
                    row.text,
                    message.startsWith(prefix) ? message.substring(prefix.length()) : "Name or service not known");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while resolving '" + row.text + "'", e);
        }
    }

    private void add(String text, Row row) {
        String reason = NeverAnswers.reason(row.address);
        if (!wanted(row.address)) {
            unknown(text, "Address family for hostname not supported");
        } else if (!reason.isEmpty()) {
            String shown = row.address.toString();
            boolean isName = !text.isEmpty() && literal(text) == null;
            unknown(
                    text.isEmpty() ? shown : text,
                    (isName ? "its address " + shown + " can" : "can") + " never answer: " + reason);
        } else {
            targets.add(row.name, row.address);
        }
    }

    private void unknown(String name, String reason) {
        unknownNames++;
        if (isJson) {
            terminal.out().println(FpingJson.warning(name, reason));
        }
        if (quiet) {
            return;
        }
        terminal.err().println(Ansi.harmless(name) + ": " + reason);
    }
}
