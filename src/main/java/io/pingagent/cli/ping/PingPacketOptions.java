package io.pingagent.cli.ping;

import io.pingagent.base.ExitStatus;
import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.model.NeverAnswers;
import io.pingagent.ping.PingRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of {@code ping} about the packet and its way out of this machine. */
final class PingPacketOptions {

    /** What a probe carries of its own. Callers give fping as little as 24, and get this. */
    private static final int SMALLEST_PAYLOAD = 32;

    private static final long MOST_MARK = 0xffff_ffffL;
    private static final int LARGEST_PAYLOAD = 65_507;

    @Option(
            names = {"-b", "--size"},
            paramLabel = "BYTES",
            description = "ICMP payload, 32 to 65507 (default: ${DEFAULT-VALUE}); less is sent as 32.",
            defaultValue = "56")
    private int payloadBytes;

    @Option(
            names = {"-O", "--tos"},
            paramLabel = "N",
            description = "Type of service byte, 0 to 255 or 0x00 to 0xff.")
    private @Nullable String trafficClass;

    @Option(
            names = {"-H", "--ttl"},
            paramLabel = "N",
            description = "TTL or hop limit, 1 to 255.")
    private @Nullable Integer hopLimit;

    @Option(
            names = {"-I", "--iface"},
            paramLabel = "IFACE",
            description = "Bind to an interface.")
    private @Nullable String interfaceName;

    @Option(
            names = {"-S", "--src"},
            paramLabel = "IP",
            description = "Source address.")
    private @Nullable String source;

    @Option(
            names = {"-M", "--dontfrag"},
            description = "Set the don't-fragment flag.")
    private boolean dontFragment;

    @Option(
            names = {"-k", "--fwmark"},
            paramLabel = "MARK",
            description = "Firewall mark of the packets, 1 to 4294967295; before Linux 5.17 it needs CAP_NET_ADMIN.")
    private @Nullable String mark;

    @Option(names = "--icmp-timestamp", description = "Not supported: ping sends echo requests only.")
    private boolean sendsTimestampRequests;

    /** @throws CommandFailure if a value is out of range */
    void check() {
        OptionRanges.check("-b", payloadBytes, 0, LARGEST_PAYLOAD);
        OptionRanges.check("-H", hopLimit, 1, 255);
        if (sendsTimestampRequests) {
            throw CommandFailure.usage(
                    "--icmp-timestamp is not supported: ping sends echo requests only; leave it out");
        }
        if (mark != null) {
            OptionRanges.check("-k", parseMark(mark), 1, MOST_MARK);
        }
        if (trafficClass != null) {
            OptionRanges.check("-O", parseTrafficClass(trafficClass), 0, 255);
        }
        if (source != null) {
            parseSource(source);
        }
    }

    PingRequest.Packet packet() {
        return new PingRequest.Packet(
                Math.max(SMALLEST_PAYLOAD, payloadBytes),
                trafficClass == null ? null : parseTrafficClass(trafficClass),
                hopLimit,
                dontFragment);
    }

    PingRequest.Route route() {
        return new PingRequest.Route(
                mark == null ? 0 : (int) parseMark(mark), interfaceName, source == null ? null : parseSource(source));
    }

    private static long parseMark(String text) {
        try {
            return Long.decode(text);
        } catch (NumberFormatException e) {
            throw new CommandFailure(ExitStatus.USAGE, "-k takes a number as 256 or 0x100, not '" + text + "'", e);
        }
    }

    private static int parseTrafficClass(String text) {
        try {
            return Integer.decode(text);
        } catch (NumberFormatException e) {
            throw new CommandFailure(ExitStatus.USAGE, "-O takes a number as 184 or 0xb8, not '" + text + "'", e);
        }
    }

    private static IpAddress parseSource(String text) {
        IpAddress address;
        try {
            address = Addresses.parse(text);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitStatus.USAGE, "-S takes an address: " + e.getMessage(), e);
        }
        String why = NeverAnswers.why(address);
        if (!why.isEmpty()) {
            throw CommandFailure.usage(
                    "-S: '" + text + "' can never be a source: " + why + "; " + NeverAnswers.sourceRemedy(address));
        }
        return address;
    }
}
