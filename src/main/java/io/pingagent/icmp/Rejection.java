package io.pingagent.icmp;

/** Why the decoder throws a received packet away. */
public enum Rejection {
    /** Ends before its own headers say that it does. */
    TRUNCATED("cut short"),
    /** Impossible header: wrong IP version or protocol, an echo reply with a code. */
    MALFORMED("malformed header"),
    /** A type that nobody asked for; seen only where the kernel's filters do not work. */
    UNWANTED_TYPE("unwanted ICMP type"),
    /** The ICMP checksum is wrong. */
    CHECKSUM("wrong checksum"),
    /** An echo reply to another process, or to an identifier given up long ago. */
    IDENTIFIER("foreign identifier"),
    /** Longer or shorter than what is sent. */
    LENGTH("wrong length"),
    /** The padding is not the one sent. */
    PADDING("altered padding"),
    /** The keyed tag is wrong: corrupted, forged or made by another process. */
    TAG("wrong tag"),
    /** The tag is right but the sequence number in the ICMP header is another one. */
    SEQUENCE("altered sequence number"),
    /** An ICMP error whose quoted packet cannot be read. */
    MALFORMED_ERROR("unreadable ICMP error"),
    /** An ICMPv6 error that quotes too little of its packet to prove that there was one, which RFC 4443 forbids. */
    SHORT_QUOTE("ICMPv6 error with a short quote"),
    /** An ICMP error about somebody else's packet: harmless. */
    FOREIGN_ERROR("ICMP error about foreign traffic");

    private final String text;

    Rejection(String text) {
        this.text = text;
    }

    /** For messages: lower case, no full stop. */
    public String text() {
        return text;
    }
}
