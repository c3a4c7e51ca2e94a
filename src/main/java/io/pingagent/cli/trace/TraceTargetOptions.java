package io.pingagent.cli.trace;

import io.pingagent.base.ExitStatus;
import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.model.NeverAnswers;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where {@code trace} goes. */
final class TraceTargetOptions {

    /** What may be a host name; everything else is an address, or wrong. */
    private static final String NAME = "[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})";

    @Parameters(paramLabel = "ADDRESS", description = "An IPv4 or IPv6 address, or a host name.", arity = "1")
    private String text = "";

    @Option(
            names = {"-4", "--ipv4"},
            description = "Only IPv4.")
    private boolean onlyV4;

    @Option(
            names = {"-6", "--ipv6"},
            description = "Only IPv6.")
    private boolean onlyV6;

    /** As it was typed. */
    String text() {
        return text;
    }

    /** @throws CommandFailure if two options exclude each other */
    void check() {
        if (onlyV4 && onlyV6) {
            throw CommandFailure.usage("-4 and -6 exclude each other");
        }
    }

    /**
     * The address, or null if the name is not found, which is said.
     *
     * @throws CommandFailure if it is neither address nor name, or can never answer
     */
    @Nullable
    IpAddress resolve(Terminal terminal) {
        boolean isName = text.matches(NAME) && !text.matches("[0-9.]+");
        IpAddress address = isName ? lookUp(terminal) : literal();
        if (address == null) {
            return null;
        }
        String reason = NeverAnswers.reason(address);
        if (!reason.isEmpty()) {
            throw CommandFailure.usage("'" + text + "' can never answer: " + reason);
        }
        return address;
    }

    private IpAddress literal() {
        IpAddress address;
        try {
            address = Addresses.parse(text);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitStatus.USAGE, String.valueOf(e.getMessage()), e);
        }
        if (address.isV6() ? onlyV4 : onlyV6) {
            throw CommandFailure.usage("'" + text + "' is no " + (onlyV4 ? "IPv4" : "IPv6") + " address; leave out "
                    + (onlyV4 ? "-4" : "-6"));
        }
        return address;
    }

    private @Nullable IpAddress lookUp(Terminal terminal) {
        try {
            for (InetAddress found : InetAddress.getAllByName(text)) {
                IpAddress address = IpAddress.ofBytes(found.getAddress());
                if (address.isV6() ? !onlyV4 : !onlyV6) {
                    return address;
                }
            }
        } catch (UnknownHostException e) {
            terminal.complain("'" + text + "' is not found; look at its spelling and at the resolver");
            return null;
        }
        terminal.complain("'" + text + "' has no " + (onlyV4 ? "IPv4" : "IPv6") + " address; leave out "
                + (onlyV4 ? "-4" : "-6"));
        return null;
    }
}
