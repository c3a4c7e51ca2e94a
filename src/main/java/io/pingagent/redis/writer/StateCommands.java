package io.pingagent.redis.writer;

import io.pingagent.base.Utf8;
import io.pingagent.model.IpAddress;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisSettings;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns what is due for a target into commands, and the answers into what is known of Redis. A command that may not have
 * been carried out leaves its target queued again, so that nothing is lost with a connection. Owned by ping-redis.
 */
public final class StateCommands implements CommandBatch.Answers {

    private static final byte[] SADD = Utf8.bytes("SADD");
    private static final byte[] SREM = Utf8.bytes("SREM");
    private static final byte[] DEL = Utf8.bytes("DEL");
    private static final byte[] PTTL = Utf8.bytes("PTTL");

    /** What Redis says of {@code EXEC} itself; the reason follows. */
    private static final String EXEC_REFUSED = "EXECABORT Transaction discarded because of: ";

    /** The commands for one target at most: two values or two touches, and the err list. */
    public static final int MAX_COMMANDS_PER_TARGET = 5;

    private final boolean decimalLastMs;
    private final boolean perIpStatus;
    private final StateWriter.Source source;
    private final TargetPages pages;
    private final ExpiryWheel wheel;
    private final CommandBatch batch;
    private final ErrListMirror mirror;
    private final StatusStream status;
    private final WriteTroubles troubles;
    private final LongSupplier nanoClock;

    private final byte[] lastMsPrefix;
    private final byte[] perIpPrefix;
    private final byte[] errListKey;
    private final AsciiBuffer value = new AsciiBuffer(512);

    /** Removals whose answer never came; each once, as one lost connection leaves several commands unanswered. */
    private final Set<IpAddress> removals = new LinkedHashSet<>();
    /** Members that have to leave the err list, and that Redis refused to remove. */
    private final Set<IpAddress> refusedRemovals = new LinkedHashSet<>();

    private long refusals;
    private boolean addedToAgentList;
    private boolean ownerProlonged;
    /** When the connection was made: what lapsed before did so because there was none. */
    private int connectedMillis;

    private final AtomicLong written = new AtomicLong();
    private volatile @Nullable String lastError;
    private @Nullable String serverTrouble;

    public StateCommands(
            RedisSettings settings,
            RedisKeys keys,
            StateWriter.Source source,
            TargetPages pages,
            CommandBatch batch,
            ErrListMirror mirror,
            StatusStream status,
            WriteTroubles troubles,
            LongSupplier nanoClock) {
        this.decimalLastMs = settings.decimalLastMs();
        this.perIpStatus = settings.perIpStatus();
        this.source = source;
        this.pages = pages;
        this.wheel = new ExpiryWheel(pages, TargetPages.millis(nanoClock.getAsLong()));
        this.batch = batch;
        this.mirror = mirror;
        this.status = status;
        this.troubles = troubles;
        this.nanoClock = nanoClock;
        this.lastMsPrefix = Utf8.bytes(keys.lastMsPrefix());
        this.perIpPrefix = Utf8.bytes(keys.perIpPrefix());
        this.errListKey = Utf8.bytes(keys.errList());
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
    public void write(int target, int nowMillis) {
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
            batch.onKey(CommandBatch.Purpose.PER_IP_TOUCH, TargetPages.NONE, PTTL, perIpPrefix, address);
        }
    }

    ExpiryWheel wheel() {
        return wheel;
    }

    /** Adds the removal of all keys of an address. */
    void remove(IpAddress address) {
        batch.onKey(CommandBatch.Purpose.REMOVAL, TargetPages.NONE, DEL, lastMsPrefix, address);
        batch.onKey(CommandBatch.Purpose.PER_IP_REMOVAL, TargetPages.NONE, DEL, perIpPrefix, address);
        batch.onMember(CommandBatch.Purpose.ERR_LIST_REMOVE, TargetPages.NONE, SREM, errListKey, address);
    }

    /** Whether a removal has to be tried again. */
    boolean hasLostRemovals() {
        return !removals.isEmpty();
    }

    /** Adds such a removal. */
    void removeLost() {
        IpAddress address = takeFirst(removals);
        if (address != null) {
            remove(address);
        }
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

    boolean hasRefusedRemovals() {
        return !refusedRemovals.isEmpty();
    }

    /** Adds such a removal. */
    void removeRefused() {
        IpAddress address = takeFirst(refusedRemovals);
        if (address != null) {
            batch.onMember(CommandBatch.Purpose.ERR_LIST_REMOVE, TargetPages.NONE, SREM, errListKey, address);
        }
    }

    private static @Nullable IpAddress takeFirst(Set<IpAddress> addresses) {
        Iterator<IpAddress> first = addresses.iterator();
        if (!first.hasNext()) {
            return null;
        }
        IpAddress address = first.next();
        first.remove();
        return address;
    }

    /** Commands that Redis refused since the start. */
    long refusals() {
        return refusals;
    }

    /** A connection was made. */
    void connected(int nowMillis) {
        connectedMillis = nowMillis;
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
        pages.expiresAt(target, expiresAt == 0 ? 1 : expiresAt);
        // Now and not when it is acknowledged: a loss after this reply must not be forgotten.
        wheel.written(target);
        if (perIpStatus) {
            value.clear();
            StateFormat.perIp(
                    value, address, source.sendCount(target), source.returnCount(target), source.inErrList(target));
            batch.set(CommandBatch.Purpose.PER_IP, target, perIpPrefix, address, value, remainingMillis);
        }
    }

    /** Whether the key lapsed although this reply came in time to prolong it: then Redis is slower than what is written. */
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

    @Override
    public void done(CommandBatch.Purpose purpose, int target, @Nullable IpAddress address, long number) {
        if (purpose != CommandBatch.Purpose.STATUS_EXCHANGE) {
            troubles.accepted(purpose);
        }
        switch (purpose) {
            case VALUE -> written.lazySet(written.get() + 1);
            case TOUCH -> wheel.touched(target, number, TargetPages.millis(nanoClock.getAsLong()));
            case ERR_LIST_ADD, ERR_LIST_REMOVE -> {
                if (address != null) {
                    mirror.acknowledged(address, purpose == CommandBatch.Purpose.ERR_LIST_ADD);
                }
            }
            case STATUS_PIECE -> status.ranged(number);
            case STATUS_CHECK -> status.checked(number);
            case STATUS_EXCHANGED -> troubles.accepted(CommandBatch.Purpose.STATUS_EXCHANGE);
            case AGENT_LIST -> addedToAgentList |= number > 0;
            case OWNER_TTL -> ownerProlonged |= number > 0;
            default -> {
                // Nothing depends on it.
            }
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
        if (purpose == CommandBatch.Purpose.STATUS_PUBLISH && error.contains("no such key")) {
            // It lapsed or was deleted since it was looked at: the next status is made anew.
            status.stop();
            return;
        }
        refusals++;
        if (purpose == CommandBatch.Purpose.STATUS_EXCHANGED) {
            exchangeRefused(error);
            return;
        }
        troubles.refused(purpose, error, nanoClock.getAsLong());
        switch (purpose) {
            case VALUE, PER_IP -> pages.owe(target, TargetPages.VALUE);
            case ERR_LIST_ADD, ERR_LIST_REMOVE -> errListRefused(target, address, error);
            case TOUCH -> wheel.cancel(target);
            case STATUS_BEGIN, STATUS_PIECE, STATUS_CHECK, STATUS_PUBLISH -> status.stop();
            case STATUS_EXCHANGE -> status.exchangeRefused();
            default -> {
                // Written again by itself.
            }
        }
    }

    /** @param error of {@code EXEC}, perhaps only for want of a command before it, whose own refusal says more */
    private void exchangeRefused(String error) {
        status.exchangeRefused();
        if (error.startsWith(EXEC_REFUSED)) {
            troubles.refused(
                    CommandBatch.Purpose.STATUS_EXCHANGED,
                    error.substring(EXEC_REFUSED.length()),
                    nanoClock.getAsLong());
        }
    }

    private void errListRefused(int target, @Nullable IpAddress address, String error) {
        if (error.startsWith("WRONGTYPE")) {
            // The set has gone, and with it what it held: that is nobody's edit of it.
            mirror.forget();
        }
        if (target != TargetPages.NONE) {
            pages.owe(target, TargetPages.ERR_LIST);
        } else if (address != null) {
            refusedRemovals.add(address);
        }
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
            default -> {
                // Written again by itself.
            }
        }
    }

    /** Whether agent-owner was there and was given its whole TTL again, since the last call. */
    boolean takeOwnerProlonged() {
        boolean prolonged = ownerProlonged;
        ownerProlonged = false;
        return prolonged;
    }

    /** Whether the agent was not in agent-list any more, since the last call. */
    boolean takeAddedToAgentList() {
        boolean added = addedToAgentList;
        addedToAgentList = false;
        return added;
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
}
