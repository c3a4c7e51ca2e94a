package io.pingagent.redis;

import io.pingagent.model.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Turns what is due for a target into commands, and the answers into what is known of Redis. A command that may not have
 * been carried out leaves its target queued again, so that nothing is lost with a connection. Owned by ping-redis.
 */
final class StateCommands implements CommandBatch.Answers {

    private static final Logger LOG = LogManager.getLogger(StateCommands.class);

    private static final byte[] SADD = CommandBatch.ascii("SADD");
    private static final byte[] SREM = CommandBatch.ascii("SREM");
    private static final byte[] DEL = CommandBatch.ascii("DEL");
    private static final byte[] PTTL = CommandBatch.ascii("PTTL");

    /** The commands for one target at most: two values or two touches, and the err list. */
    static final int MAX_COMMANDS_PER_TARGET = 5;

    private final RedisKeys keys;
    private final boolean decimalLastMs;
    private final boolean perIpStatus;
    private final StateWriter.Source source;
    private final TargetPages pages;
    private final TouchWheel wheel;
    private final CommandBatch batch;
    private final ErrListMirror mirror;
    private final StatusStream status;
    private final LongSupplier nanoClock;
    private final RepeatedErrors errors = new RepeatedErrors(LOG);

    private final byte[] lastMsPrefix;
    private final byte[] perIpPrefix;
    private final byte[] errListKey;
    private final AsciiBuffer value = new AsciiBuffer(512);

    /** Removals whose answer never came. */
    private final Queue<IpAddress> removals = new ArrayDeque<>();

    private final AtomicLong written = new AtomicLong();
    private volatile @Nullable String lastError;
    private @Nullable String serverTrouble;

    StateCommands(
            RedisSettings settings,
            RedisKeys keys,
            StateWriter.Source source,
            TargetPages pages,
            CommandBatch batch,
            ErrListMirror mirror,
            StatusStream status,
            LongSupplier nanoClock) {
        this.keys = keys;
        this.decimalLastMs = settings.decimalLastMs();
        this.perIpStatus = settings.perIpStatus();
        this.source = source;
        this.pages = pages;
        this.wheel = new TouchWheel(pages, TargetPages.millis(nanoClock.getAsLong()));
        this.batch = batch;
        this.mirror = mirror;
        this.status = status;
        this.nanoClock = nanoClock;
        this.lastMsPrefix = keys.lastMsPrefix().getBytes(StandardCharsets.UTF_8);
        this.perIpPrefix = keys.perIpPrefix().getBytes(StandardCharsets.UTF_8);
        this.errListKey = keys.errList().getBytes(StandardCharsets.UTF_8);
    }

    // -- any thread --

    long written() {
        return written.get();
    }

    @Nullable
    String lastError() {
        return lastError;
    }

    // -- ping-redis --

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
        if ((flags & TargetPages.SILENT) != 0) {
            wheel.want(target, nowMillis);
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
    void touch(int target) {
        if (!source.live(target)) {
            wheel.cancel(target);
            return;
        }
        IpAddress address = source.address(target);
        batch.onKey(CommandBatch.Purpose.TOUCH, target, PTTL, lastMsPrefix, address);
        if (perIpStatus) {
            batch.onKey(CommandBatch.Purpose.OTHER, TargetPages.NONE, PTTL, perIpPrefix, address);
        }
    }

    TouchWheel wheel() {
        return wheel;
    }

    /** Adds the removal of all keys of an address. */
    void remove(IpAddress address) {
        batch.onKey(CommandBatch.Purpose.REMOVAL, TargetPages.NONE, DEL, lastMsPrefix, address);
        batch.onKey(CommandBatch.Purpose.OTHER, TargetPages.NONE, DEL, perIpPrefix, address);
        batch.onMember(CommandBatch.Purpose.ERR_LIST_REMOVE, TargetPages.NONE, SREM, errListKey, address);
    }

    /** Whether a removal has to be tried again. */
    boolean hasLostRemovals() {
        return !removals.isEmpty();
    }

    /** Adds such a removal. */
    void removeLost() {
        IpAddress address = removals.poll();
        if (address != null) {
            remove(address);
        }
    }

    /** What makes the whole server refuse writes, until asked; null if nothing does. */
    @Nullable
    String takeServerTrouble() {
        String trouble = serverTrouble;
        serverTrouble = null;
        return trouble;
    }

    private void value(int target, int nowMillis) {
        long rttNanos = source.lastRttNanos(target);
        int ttlMillis = source.ttlMillis(target);
        int remainingMillis = ttlMillis - source.silentMillis(target);
        if (rttNanos < 0 || remainingMillis <= 0) {
            return;
        }
        IpAddress address = source.address(target);
        value.clear();
        StateFormat.lastMs(value, rttNanos, decimalLastMs);
        batch.set(CommandBatch.Purpose.VALUE, target, lastMsPrefix, address, value, remainingMillis);
        int expiresAt = nowMillis + remainingMillis;
        pages.expiresAt(target, expiresAt == 0 ? 1 : expiresAt);
        // Now and not when it is acknowledged: a loss after this reply must not be forgotten.
        wheel.written(target);
        if (perIpStatus) {
            value.clear();
            StateFormat.perIp(
                    value, address, source.sendCount(target), source.returnCount(target), source.inErrList(target));
            batch.set(CommandBatch.Purpose.OTHER, TargetPages.NONE, perIpPrefix, address, value, remainingMillis);
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

    @Override
    public void done(CommandBatch.Purpose purpose, int target, @Nullable IpAddress address, long number) {
        switch (purpose) {
            case VALUE -> written.lazySet(written.get() + 1);
            case TOUCH -> wheel.touched(target, number, TargetPages.millis(nanoClock.getAsLong()));
            case ERR_LIST_ADD, ERR_LIST_REMOVE -> {
                if (address != null) {
                    mirror.acknowledged(address, purpose == CommandBatch.Purpose.ERR_LIST_ADD);
                }
            }
            case STATUS -> status.ranged(number);
            case REMOVAL, STATUS_EXCHANGE, OTHER -> {}
        }
    }

    @Override
    public void refused(CommandBatch.Purpose purpose, int target, @Nullable IpAddress address, String error) {
        lastError = error;
        if (refusesEverything(error)) {
            serverTrouble = error;
            unanswered(purpose, target, address);
            return;
        }
        if (purpose == CommandBatch.Purpose.TOUCH) {
            wheel.cancel(target);
        } else if (purpose == CommandBatch.Purpose.STATUS) {
            status.ranged(-1);
        } else if (purpose == CommandBatch.Purpose.STATUS_EXCHANGE) {
            status.exchangeRefused();
        }
        errors.report(describe(purpose, error), nanoClock.getAsLong());
    }

    @Override
    public void unanswered(CommandBatch.Purpose purpose, int target, @Nullable IpAddress address) {
        switch (purpose) {
            case VALUE -> pages.mark(target, TargetPages.VALUE);
            case TOUCH -> {
                wheel.cancel(target);
                pages.mark(target, TargetPages.SILENT);
            }
            case ERR_LIST_ADD, ERR_LIST_REMOVE -> {
                if (target != TargetPages.NONE) {
                    pages.mark(target, TargetPages.ERR_LIST);
                } else if (address != null) {
                    removals.add(address);
                }
            }
            case REMOVAL -> {
                if (address != null) {
                    removals.add(address);
                }
            }
            case STATUS, STATUS_EXCHANGE, OTHER -> {}
        }
    }

    /** Errors that are the server's state and not one key's: the connection is given up and everything written again. */
    static boolean refusesEverything(String error) {
        int space = error.indexOf(' ');
        return switch (space < 0 ? error : error.substring(0, space)) {
            case "READONLY",
                    "LOADING",
                    "MASTERDOWN",
                    "NOAUTH",
                    "OOM",
                    "MISCONF",
                    "NOREPLICAS",
                    "BUSY",
                    "CLUSTERDOWN",
                    "MOVED" -> true;
            default -> false;
        };
    }

    private String describe(CommandBatch.Purpose purpose, String error) {
        if (error.startsWith("WRONGTYPE")) {
            boolean errList =
                    purpose == CommandBatch.Purpose.ERR_LIST_ADD || purpose == CommandBatch.Purpose.ERR_LIST_REMOVE;
            return wrongType(errList ? keys.errList() : RedisKeys.AGENT_LIST);
        }
        String what = switch (purpose) {
            case VALUE -> keys.lastMsPrefix() + "*";
            case TOUCH -> "the expiry of " + keys.lastMsPrefix() + "*";
            case ERR_LIST_ADD, ERR_LIST_REMOVE -> keys.errList();
            case REMOVAL -> "the removal of " + keys.lastMsPrefix() + "*";
            case STATUS -> keys.allIpStatusNext();
            case STATUS_EXCHANGE ->
                "to exchange " + keys.allIpStatus() + " and " + keys.allIpStatusNext() + " by "
                        + keys.allIpStatusSpare() + " in a transaction";
            case OTHER -> "a key of agent " + keys.agent();
        };
        return "Redis refuses " + what + ": " + error
                + "; allow it to this user with ACL SETUSER, or see the server's log";
    }

    static String wrongType(String key) {
        return key + " is not a set, so it is left alone; remove it with DEL " + key;
    }
}
