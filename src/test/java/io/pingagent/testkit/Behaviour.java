package io.pingagent.testkit;

import io.pingagent.model.IpAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link TunResponder} answers an echo request. Immutable; every method gives a changed copy. Starts as
 * {@link #honest()}: one right reply, at once.
 */
public final class Behaviour {

    /** What comes back. */
    public enum Answer {
        /** The right echo reply. */
        ECHO,
        /** Nothing. */
        SILENCE,
        /** An echo reply with one payload bit changed and the old checksum (IPv6: the kernel drops those itself). */
        CORRUPT,
        /** An echo reply with one payload bit changed and the checksum made right again. */
        FORGED,
        /** An echo reply with less payload, see {@link Behaviour#truncatedTo}, and a right checksum. */
        TRUNCATED,
        /** An echo reply with more payload than the request had, and a right checksum. */
        PADDED,
        /** The right echo reply from another address. */
        FOREIGN_SOURCE,
        /** An echo reply with another identifier and a right checksum. */
        WRONG_IDENTIFIER,
        /** An echo reply with the next sequence number and a right checksum. */
        WRONG_SEQUENCE,
        /** An ICMP packet of random bytes and random length, often too short; the header may say echo reply. */
        GARBAGE,
        /** Destination unreachable, code 0 of both versions. */
        NET_UNREACHABLE,
        /** IPv6: address unreachable. */
        HOST_UNREACHABLE,
        PORT_UNREACHABLE,
        /** Communication administratively prohibited. */
        ADMIN_PROHIBITED,
        /** Fragmentation needed, 1,280 bytes; IPv6: packet too big. */
        TOO_BIG,
        TIME_EXCEEDED,
        PARAMETER_PROBLEM;

        boolean isError() {
            return switch (this) {
                case NET_UNREACHABLE,
                        HOST_UNREACHABLE,
                        PORT_UNREACHABLE,
                        ADMIN_PROHIBITED,
                        TOO_BIG,
                        TIME_EXCEEDED,
                        PARAMETER_PROBLEM -> true;
                default -> false;
            };
        }
    }

    /** The quote of a whole request in an error. */
    static final int WHOLE = Integer.MAX_VALUE;

    private static final Behaviour HONEST = new Behaviour();

    // Set only between the copy and its publication.
    Answer answer = Answer.ECHO;
    long delayNanos;
    long jitterNanos;
    double lossShare;
    double share = 1;
    boolean honestToo;
    int duplicates;
    long duplicateGapNanos;
    int truncatedBytes = 12;
    int quotedBytes = WHOLE;
    boolean optionsInQuote;
    boolean options;
    int hopLimit = 64;

    @Nullable
    IpAddress from;

    private Behaviour() {}

    private Behaviour(Behaviour other) {
        answer = other.answer;
        delayNanos = other.delayNanos;
        jitterNanos = other.jitterNanos;
        lossShare = other.lossShare;
        share = other.share;
        honestToo = other.honestToo;
        duplicates = other.duplicates;
        duplicateGapNanos = other.duplicateGapNanos;
        truncatedBytes = other.truncatedBytes;
        quotedBytes = other.quotedBytes;
        optionsInQuote = other.optionsInQuote;
        options = other.options;
        hopLimit = other.hopLimit;
        from = other.from;
    }

    public static Behaviour honest() {
        return HONEST;
    }

    /** Answers nothing. */
    public static Behaviour silent() {
        return HONEST.answering(Answer.SILENCE);
    }

    public static Behaviour delayed(Duration delay) {
        return HONEST.after(delay);
    }

    /** From the arrival of the request to the answer; longer than the prober's timeout makes it late. */
    public Behaviour after(Duration delay) {
        Behaviour copy = new Behaviour(this);
        copy.delayNanos = notNegative(delay);
        return copy;
    }

    /** A random time, up to this, on top of the delay. */
    public Behaviour jitter(Duration jitter) {
        Behaviour copy = new Behaviour(this);
        copy.jitterNanos = notNegative(jitter);
        return copy;
    }

    /** Answers nothing to this share of the requests, at random; 0 to 1. */
    public Behaviour losing(double lossShare) {
        Behaviour copy = new Behaviour(this);
        copy.lossShare = share(lossShare);
        return copy;
    }

    public Behaviour answering(Answer answer) {
        Behaviour copy = new Behaviour(this);
        copy.answer = answer;
        return copy;
    }

    /** Only this share of the answers, at random, is what {@link #answering} says; the others are honest. */
    public Behaviour sometimes(double share) {
        Behaviour copy = new Behaviour(this);
        copy.share = share(share);
        return copy;
    }

    /** Sends the right reply right after what {@link #answering} says. */
    public Behaviour andHonest() {
        Behaviour copy = new Behaviour(this);
        copy.honestToo = true;
        return copy;
    }

    /** Answers so many times more. */
    public Behaviour duplicated(int times) {
        return duplicated(times, Duration.ZERO);
    }

    /** Answers so many times more, each so much later than the one before. */
    public Behaviour duplicated(int times, Duration gap) {
        if (times < 0) {
            throw new IllegalArgumentException("an answer can be repeated 0 or more times, not " + times);
        }
        Behaviour copy = new Behaviour(this);
        copy.duplicates = times;
        copy.duplicateGapNanos = notNegative(gap);
        return copy;
    }

    /** Echo replies with only this much payload. */
    public Behaviour truncatedTo(int payloadBytes) {
        if (payloadBytes < 0) {
            throw new IllegalArgumentException("a payload has 0 or more bytes, not " + payloadBytes);
        }
        Behaviour copy = answering(Answer.TRUNCATED);
        copy.truncatedBytes = payloadBytes;
        return copy;
    }

    /** The right reply or error, from this address (of the right version). */
    public Behaviour from(IpAddress source) {
        Behaviour copy = answer.isError() ? new Behaviour(this) : answering(Answer.FOREIGN_SOURCE);
        copy.from = source;
        return copy;
    }

    /** Errors quote only so many bytes after the request's IP header; 8 is what old routers do. */
    public Behaviour quoting(int bytesAfterIpHeader) {
        Behaviour copy = new Behaviour(this);
        copy.quotedBytes = bytesAfterIpHeader;
        return copy;
    }

    /** The IP header quoted in an error has eight bytes of options (IPv6: a destination options header follows it). */
    public Behaviour withOptionsInQuote() {
        Behaviour copy = new Behaviour(this);
        copy.optionsInQuote = true;
        return copy;
    }

    /** The answer's own IP header has eight bytes of options (IPv6: a destination options header follows it). */
    public Behaviour withOptions() {
        Behaviour copy = new Behaviour(this);
        copy.options = true;
        return copy;
    }

    /** TTL or hop limit with which answers arrive, 1 to 255. */
    public Behaviour hopLimit(int hopLimit) {
        if (hopLimit < 1 || hopLimit > 255) {
            throw new IllegalArgumentException("a hop limit is 1 to 255, not " + hopLimit);
        }
        Behaviour copy = new Behaviour(this);
        copy.hopLimit = hopLimit;
        return copy;
    }

    private static long notNegative(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("a time of 0 or more is needed, not " + time);
        }
        return time.toNanos();
    }

    private static double share(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("a share is 0 to 1, not " + share);
        }
        return share;
    }
}
