package io.pingagent.redis.writer;

import io.pingagent.base.OwnedBy;
import io.pingagent.base.Utf8;
import io.pingagent.model.IpAddress;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisSettings;
import java.util.function.LongSupplier;

/** Turns what is due for a target into commands; {@link StateAnswers} takes what Redis says to them. */
@OwnedBy("ping-redis")
final class StateCommands {

    private static final byte[] SADD = Utf8.bytes("SADD");
    private static final byte[] SREM = Utf8.bytes("SREM");
    private static final byte[] DEL = Utf8.bytes("DEL");
    private static final byte[] PTTL = Utf8.bytes("PTTL");

    /** The commands for one target at most: two values or two checks of an expiry, and the err list. */
    static final int MAX_COMMANDS_PER_TARGET = 5;

    private final boolean decimalLastMs;
    private final boolean perIpStatus;
    private final StateWriter.Source source;
    private final TargetPages pages;
    private final ExpiryWheel wheel;
    private final CommandBatch batch;
    private final WriteTroubles troubles;
    private final LongSupplier nanoClock;

    private final byte[] lastMsPrefix;
    private final byte[] perIpPrefix;
    private final byte[] errListKey;
    private final AsciiBuffer value = new AsciiBuffer(512);

    /** When the connection was made: what lapsed before did so because there was none. */
    private int connectedMillis;

    StateCommands(
            RedisSettings settings,
            RedisKeys keys,
            StateWriter.Source source,
            TargetPages pages,
            CommandBatch batch,
            WriteTroubles troubles,
            LongSupplier nanoClock) {
        this.decimalLastMs = settings.decimalLastMs();
        this.perIpStatus = settings.perIpStatus();
        this.source = source;
        this.pages = pages;
        this.wheel = new ExpiryWheel(pages, TargetPages.millis(nanoClock.getAsLong()));
        this.batch = batch;
        this.troubles = troubles;
        this.nanoClock = nanoClock;
        this.lastMsPrefix = Utf8.bytes(keys.lastMsPrefix());
        this.perIpPrefix = Utf8.bytes(keys.perIpPrefix());
        this.errListKey = Utf8.bytes(keys.errList());
    }

    /** Adds what is queued for the target. */
    void write(int target, int nowMillis) {
        int flags = pages.takeFlags(target);
        if (flags == 0 || !source.live(target)) {
            return;
        }
        if ((flags & TargetPages.VALUE) != 0) {
            value(target, nowMillis);
        }
        if ((flags & TargetPages.ERR_LIST) != 0) {
            errList(target);
        }
        if ((flags & TargetPages.PROBE_LOST) != 0) {
            wheel.watch(target, nowMillis);
        }
    }

    /** Adds all that Redis should know of the target, for a server that may know nothing. */
    void rewrite(int target, boolean withErrList, int nowMillis) {
        if (!source.live(target)) {
            return;
        }
        value(target, nowMillis);
        if (withErrList && source.inErrList(target)) {
            errList(target);
        }
    }

    /** Adds a {@code PTTL}, which makes Redis notice that the key has expired. */
    void checkExpiry(int target) {
        if (!source.live(target)) {
            wheel.cancel(target);
            return;
        }
        IpAddress address = source.address(target);
        batch.onKey(CommandBatch.Purpose.EXPIRY_CHECK, target, PTTL, lastMsPrefix, address);
        if (perIpStatus) {
            batch.onKey(CommandBatch.Purpose.PER_IP_EXPIRY_CHECK, TargetPages.NONE, PTTL, perIpPrefix, address);
        }
    }

    ExpiryWheel wheel() {
        return wheel;
    }

    /** Adds the removal of all keys of an address. */
    void remove(IpAddress address) {
        batch.onKey(CommandBatch.Purpose.REMOVAL, TargetPages.NONE, DEL, lastMsPrefix, address);
        batch.onKey(CommandBatch.Purpose.PER_IP_REMOVAL, TargetPages.NONE, DEL, perIpPrefix, address);
        removeFromErrList(address);
    }

    /** Adds the removal of an address from the err list alone. */
    void removeFromErrList(IpAddress address) {
        batch.onMember(CommandBatch.Purpose.ERR_LIST_REMOVE, TargetPages.NONE, SREM, errListKey, address);
    }

    /** Adds what Redis refused of the target, to be tried again. */
    void writeOwed(int target, int nowMillis) {
        int flags = pages.takeOwed(target);
        if (!source.live(target)) {
            return;
        }
        if ((flags & TargetPages.VALUE) != 0) {
            value(target, nowMillis);
        }
        if ((flags & TargetPages.ERR_LIST) != 0) {
            errList(target);
        }
    }

    /** A connection was made. */
    void connected(int nowMillis) {
        connectedMillis = nowMillis;
    }

    private void value(int target, int nowMillis) {
        long rttNanos = source.lastRttNanos(target);
        int silentMillis = source.silentMillis(target);
        int remainingMillis = source.ttlMillis(target) - silentMillis;
        if (rttNanos < 0) {
            return;
        }
        lookForALapse(target, silentMillis, nowMillis);
        if (remainingMillis <= 0) {
            return;
        }
        IpAddress address = source.address(target);
        value.clear();
        StateFormat.lastMs(value, rttNanos, decimalLastMs);
        batch.set(CommandBatch.Purpose.VALUE, target, lastMsPrefix, address, value, remainingMillis);
        int expiresAt = nowMillis + remainingMillis;
        // Now and not when it is acknowledged: a loss after this reply must not be forgotten.
        wheel.written(target, expiresAt == 0 ? 1 : expiresAt);
        if (perIpStatus) {
            value.clear();
            StateFormat.perIp(
                    value, address, source.sendCount(target), source.returnCount(target), source.inErrList(target));
            batch.set(CommandBatch.Purpose.PER_IP, target, perIpPrefix, address, value, remainingMillis);
        }
    }

    /**
     * Whether the key lapsed although this reply came in time to prolong it: then Redis is slower than what is written.
     */
    private void lookForALapse(int target, int silentMillis, int nowMillis) {
        int expiresAt = pages.expiresAt(target);
        if (expiresAt != 0
                && expiresAt - nowMillis < 0
                && nowMillis - silentMillis - expiresAt < 0
                && expiresAt - connectedMillis > 0) {
            troubles.lapsed(nanoClock.getAsLong());
        }
    }

    private void errList(int target) {
        boolean member = source.inErrList(target);
        batch.onMember(
                member ? CommandBatch.Purpose.ERR_LIST_ADD : CommandBatch.Purpose.ERR_LIST_REMOVE,
                target,
                member ? SADD : SREM,
                errListKey,
                source.address(target));
    }
}
