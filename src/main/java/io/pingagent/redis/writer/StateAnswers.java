package io.pingagent.redis.writer;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import io.pingagent.model.IpAddress;
import io.pingagent.redis.RedisError;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the answers of Redis say, and whom they concern. A command that may not have been carried out leaves its target
 * queued again, so that nothing is lost with a connection. One that was refused is owed.
 */
@OwnedBy("ping-redis")
final class StateAnswers implements CommandBatch.Answers {

    /** What Redis says of {@code EXEC} itself; the reason follows. */
    private static final String EXEC_REFUSED = "EXECABORT Transaction discarded because of: ";

    private final TargetPages pages;
    private final ExpiryWheel wheel;
    private final ErrListMirror mirror;
    private final StatusStream status;
    private final WriteTroubles troubles;
    private final LongSupplier nanoClock;

    /** Removals whose answer never came; each once, as one lost connection leaves several commands unanswered. */
    private final Set<IpAddress> lostRemovals = new LinkedHashSet<>();
    /** Members that have to leave the err list, and that Redis refused to remove. */
    private final Set<IpAddress> refusedRemovals = new LinkedHashSet<>();

    private long refusals;
    private boolean addedToAgentList;
    private boolean ownerProlonged;
    private @Nullable String serverTrouble;

    private final AtomicLong written = new AtomicLong();
    private volatile @Nullable String lastError;

    StateAnswers(
            TargetPages pages,
            ExpiryWheel wheel,
            ErrListMirror mirror,
            StatusStream status,
            WriteTroubles troubles,
            LongSupplier nanoClock) {
        this.pages = pages;
        this.wheel = wheel;
        this.mirror = mirror;
        this.status = status;
        this.troubles = troubles;
        this.nanoClock = nanoClock;
    }

    /** Values of last-ms that Redis acknowledged. */
    @AnyThread
    long written() {
        return written.get();
    }

    /** What Redis refused last; null if it never refused anything. */
    @AnyThread
    @Nullable
    String lastError() {
        return lastError;
    }

    /** Whether a removal has to be tried again, because its answer never came. */
    boolean hasLostRemovals() {
        return !lostRemovals.isEmpty();
    }

    /** Takes the address of such a removal; null if there is none. */
    @Nullable
    IpAddress takeLostRemoval() {
        return takeFirst(lostRemovals);
    }

    /** Whether Redis refused to remove a member of the err list. */
    boolean hasRefusedRemovals() {
        return !refusedRemovals.isEmpty();
    }

    /** Takes such a member; null if there is none. */
    @Nullable
    IpAddress takeRefusedRemoval() {
        return takeFirst(refusedRemovals);
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

    /** What makes the whole server refuse writes, until asked; null if nothing does. */
    @Nullable
    String takeServerTrouble() {
        String trouble = serverTrouble;
        serverTrouble = null;
        return trouble;
    }

    @Override
    public void done(CommandBatch.Purpose purpose, int target, @Nullable IpAddress address, long number) {
        if (purpose != CommandBatch.Purpose.STATUS_EXCHANGE) {
            troubles.accepted(purpose);
        }
        switch (purpose) {
            case VALUE -> written.lazySet(written.get() + 1);
            case EXPIRY_CHECK -> wheel.checked(target, number, TargetPages.millis(nanoClock.getAsLong()));
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
        RedisError kind = RedisError.of(error);
        if (kind.isOfWholeServer()) {
            serverTrouble = error;
            unanswered(purpose, target, address);
            return;
        }
        if (purpose == CommandBatch.Purpose.STATUS_PUBLISH && kind == RedisError.NO_SUCH_KEY) {
            // It lapsed or was deleted since it was looked at: the next status is made from the start.
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
            case EXPIRY_CHECK -> wheel.cancel(target);
            case STATUS_BEGIN, STATUS_PIECE, STATUS_CHECK, STATUS_PUBLISH -> status.stop();
            case STATUS_EXCHANGE -> status.exchangeRefused();
            default -> {
                // Written again by itself.
            }
        }
    }

    /**
     * @param error of {@code EXEC}, perhaps only because a command before it was refused, whose own refusal says more
     */
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
        if (RedisError.of(error) == RedisError.WRONG_TYPE) {
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
            case EXPIRY_CHECK -> {
                wheel.cancel(target);
                pages.mark(target, TargetPages.PROBE_LOST);
            }
            case ERR_LIST_ADD, ERR_LIST_REMOVE -> {
                if (target != TargetPages.NONE) {
                    pages.mark(target, TargetPages.ERR_LIST);
                } else if (address != null) {
                    lostRemovals.add(address);
                }
            }
            case REMOVAL -> {
                if (address != null) {
                    lostRemovals.add(address);
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
}
