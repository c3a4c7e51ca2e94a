package io.pingagent.icmp;

import io.pingagent.base.OwnedBy;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the probe that an ICMP error is about, from the packet it quotes.
 *
 * <p>Of the quoted packet only what no router has reason to change is believed: addresses, type, identifier and
 * sequence. If the quote is long enough, the tagged payload is believed, too. TTL, TOS, lengths and checksums there may
 * be anything. A quote is short when it ends before the tag, or when zeros stand in the tag's place. RFC 4884 fills
 * short quotes up with zeros to make room for an extension.
 *
 * <ul>
 *   <li>IPv4: routers may quote 8 bytes only (RFC 792), so a short quote is handed on as unproven.
 *   <li>IPv6: routers have to quote as much as fits (RFC 4443, section 2.4 (c)), so a short quote is rejected.
 * </ul>
 */
@OwnedBy("caller")
final class ErrorDecoder {

    private static final int V4_UNREACHABLE = 3;
    private static final int V4_TIME_EXCEEDED = 11;
    private static final int V4_PARAMETER_PROBLEM = 12;
    private static final int V6_UNREACHABLE = 1;
    private static final int V6_PACKET_TOO_BIG = 2;
    private static final int V6_TIME_EXCEEDED = 3;
    private static final int V6_PARAMETER_PROBLEM = 4;

    /** RFC 4884: length of the quote in words of 4 bytes, 0 if the message has no extension. */
    private static final int V4_QUOTE_WORDS = 5;
    /** RFC 4884: length of the quote in words of 8 bytes, 0 if the message has no extension. */
    private static final int V6_QUOTE_WORDS = 4;
    /** RFC 4884: a quote that something follows is at least this long. */
    private static final int MIN_EXTENDED_QUOTE_BYTES = 128;

    private static final int V4_HEADER_BYTES = 20;
    private static final int V4_FRAGMENT = 6;
    private static final int V4_FRAGMENT_OFFSET_BITS = 0x1fff;
    private static final int V4_PROTOCOL = 9;
    private static final int V4_DESTINATION = 16;

    private static final int V6_HEADER_BYTES = 40;
    private static final int V6_NEXT_HEADER = 6;
    private static final int V6_DESTINATION = 24;
    private static final int V6_FRAGMENT_OFFSET = 2;
    private static final int V6_FRAGMENT_OFFSET_BITS = 0xfff8;
    /** More than any host may send; a longer chain is not ours. */
    private static final int MAX_EXTENSION_HEADERS = 8;

    private static final int NEXT_HOP_BY_HOP = 0;
    private static final int NEXT_ROUTING = 43;
    private static final int NEXT_FRAGMENT = 44;
    private static final int NEXT_AUTHENTICATION = 51;
    private static final int NEXT_ICMPV6 = 58;
    private static final int NEXT_DESTINATION_OPTIONS = 60;
    private static final int PROTOCOL_ICMP = 1;

    /** In place of an offset: the quote ends too early or is no IP packet. */
    private static final int UNREADABLE = -1;
    /** In place of an offset: the quoted packet is not ICMP, or a later fragment. */
    private static final int FOREIGN = -2;

    private final boolean v6;
    private final EchoCodec codec;
    private final EchoIdentifiers identifiers;

    ErrorDecoder(boolean v6, EchoCodec codec, EchoIdentifiers identifiers) {
        this.v6 = v6;
        this.codec = codec;
        this.identifiers = identifiers;
    }

    /** @param icmpBytes at least a header's length */
    void decode(ByteBuffer packets, int icmp, int icmpBytes, long routerHigh, long routerLow, IcmpHandler handler) {
        int type = packets.get(icmp + EchoCodec.TYPE) & 0xff;
        int code = packets.get(icmp + EchoCodec.CODE) & 0xff;
        IcmpError reason = v6 ? reasonV6(type, code) : reasonV4(type, code);
        if (reason == null) {
            handler.rejected(Rejection.UNWANTED_TYPE);
            return;
        }
        int quote = icmp + EchoCodec.HEADER_BYTES;
        int end = quote + quoteBytes(packets, icmp, icmpBytes - EchoCodec.HEADER_BYTES, type);
        int request = v6 ? findRequestV6(packets, quote, end) : findRequestV4(packets, quote, end);
        if (request < 0) {
            handler.rejected(request == UNREADABLE ? Rejection.MALFORMED_ERROR : Rejection.FOREIGN_ERROR);
            return;
        }
        if (!isOurs(packets, request)) {
            handler.rejected(Rejection.FOREIGN_ERROR);
            return;
        }
        int cookie = -1;
        int sequence = packets.getShort(request + EchoCodec.SEQUENCE) & 0xffff;
        if (end - request >= EchoCodec.PADDING && packets.getLong(request + EchoCodec.TAG) != 0) {
            if (!codec.tagIsRight(packets, request)) {
                handler.rejected(Rejection.TAG);
                return;
            }
            if (!EchoCodec.sequencesAgree(packets, request)) {
                handler.rejected(Rejection.SEQUENCE);
                return;
            }
            cookie = packets.getInt(request + EchoCodec.COOKIE);
            sequence = packets.getInt(request + EchoCodec.FULL_SEQUENCE);
        } else if (v6) {
            handler.rejected(Rejection.SHORT_QUOTE);
            return;
        }
        long destinationHigh = v6 ? packets.getLong(quote + V6_DESTINATION) : 0;
        long destinationLow = v6
                ? packets.getLong(quote + V6_DESTINATION + Long.BYTES)
                : packets.getInt(quote + V4_DESTINATION) & 0xffff_ffffL;
        handler.error(reason, cookie, sequence, destinationHigh, destinationLow, routerHigh, routerLow);
    }

    private static @Nullable IcmpError reasonV4(int type, int code) {
        return switch (type) {
            case V4_UNREACHABLE -> IcmpError.unreachable(false, code);
            case V4_TIME_EXCEEDED -> IcmpError.timeExceeded(code);
            case V4_PARAMETER_PROBLEM -> IcmpError.PARAMETER_PROBLEM;
            default -> null;
        };
    }

    private static @Nullable IcmpError reasonV6(int type, int code) {
        return switch (type) {
            case V6_UNREACHABLE -> IcmpError.unreachable(true, code);
            case V6_PACKET_TOO_BIG -> IcmpError.PACKET_TOO_BIG;
            case V6_TIME_EXCEEDED -> IcmpError.timeExceeded(code);
            case V6_PARAMETER_PROBLEM -> IcmpError.PARAMETER_PROBLEM;
            default -> null;
        };
    }

    /** How much of what follows the ICMP header is quote and not extension. */
    private int quoteBytes(ByteBuffer packets, int icmp, int available, int type) {
        int claimed = 0;
        if (!v6) {
            claimed = (packets.get(icmp + V4_QUOTE_WORDS) & 0xff) * 4;
        } else if (type == V6_UNREACHABLE || type == V6_TIME_EXCEEDED) {
            claimed = (packets.get(icmp + V6_QUOTE_WORDS) & 0xff) * 8;
        }
        return claimed >= MIN_EXTENDED_QUOTE_BYTES && claimed < available ? claimed : available;
    }

    private static int findRequestV4(ByteBuffer packets, int quote, int end) {
        if (end - quote < V4_HEADER_BYTES) {
            return UNREADABLE;
        }
        int versionAndLength = packets.get(quote) & 0xff;
        int headerBytes = (versionAndLength & 0xf) << 2;
        if (versionAndLength >>> 4 != 4 || headerBytes < V4_HEADER_BYTES) {
            return UNREADABLE;
        }
        if (packets.get(quote + V4_PROTOCOL) != PROTOCOL_ICMP
                || (packets.getShort(quote + V4_FRAGMENT) & V4_FRAGMENT_OFFSET_BITS) != 0) {
            return FOREIGN;
        }
        int request = quote + headerBytes;
        return end - request < EchoCodec.HEADER_BYTES ? UNREADABLE : request;
    }

    private static int findRequestV6(ByteBuffer packets, int quote, int end) {
        if (end - quote < V6_HEADER_BYTES || (packets.get(quote) & 0xf0) != 0x60) {
            return UNREADABLE;
        }
        int next = packets.get(quote + V6_NEXT_HEADER) & 0xff;
        int at = quote + V6_HEADER_BYTES;
        for (int skipped = 0; skipped <= MAX_EXTENSION_HEADERS; skipped++) {
            if (end - at < EchoCodec.HEADER_BYTES) {
                return UNREADABLE;
            }
            if (next == NEXT_ICMPV6) {
                return at;
            }
            int bytes = extensionBytes(packets, at, next);
            if (bytes < 0) {
                return FOREIGN;
            }
            next = packets.get(at) & 0xff;
            at += bytes;
        }
        return FOREIGN;
    }

    /** Length of the extension header at an offset with at least 8 bytes after it, or {@link #FOREIGN}. */
    private static int extensionBytes(ByteBuffer packets, int at, int header) {
        int words = packets.get(at + 1) & 0xff;
        return switch (header) {
            case NEXT_HOP_BY_HOP, NEXT_ROUTING, NEXT_DESTINATION_OPTIONS -> (words + 1) * 8;
            case NEXT_AUTHENTICATION -> (words + 2) * 4;
            case NEXT_FRAGMENT ->
                (packets.getShort(at + V6_FRAGMENT_OFFSET) & V6_FRAGMENT_OFFSET_BITS) == 0 ? 8 : FOREIGN;
            default -> FOREIGN;
        };
    }

    /** Whether the quoted ICMP header is that of an echo request of this process. */
    private boolean isOurs(ByteBuffer packets, int request) {
        int type = packets.get(request + EchoCodec.TYPE) & 0xff;
        return type == (v6 ? EchoCodec.V6_REQUEST : EchoCodec.V4_REQUEST)
                && packets.get(request + EchoCodec.CODE) == 0
                && identifiers.accepts(packets.getShort(request + EchoCodec.IDENTIFIER) & 0xffff);
    }
}
