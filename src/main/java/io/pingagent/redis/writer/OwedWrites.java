package io.pingagent.redis.writer;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.IpAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * Writes again: everything after a reconnect, and what Redis refused. Of the latter a few commands every two seconds,
 * until Redis takes them, and then all.
 */
@OwnedBy("ping-redis")
final class OwedWrites {

    private static final int REWRITTEN_PER_CYCLE = 5_000;
    private static final int TRIED_PER_CYCLE = 50;
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** Instead of the next target to be rewritten: all are. */
    private static final int REWRITTEN = Integer.MAX_VALUE;

    private final StateWriter.Source source;
    private final TargetPages pages;
    private final StateCommands commands;
    private final StateAnswers answers;

    private int rewriteNext = REWRITTEN;
    private boolean rewriteErrList;

    private int owedNext;
    private long owedDueNanos;
    private long refusalsBefore;
    private boolean isTried;
    private boolean isTaken;

    OwedWrites(StateWriter.Source source, TargetPages pages, StateCommands commands, StateAnswers answers) {
        this.source = source;
        this.pages = pages;
        this.commands = commands;
        this.answers = answers;
    }

    /** Everything is to be written again. */
    void all(boolean withErrList) {
        rewriteNext = 0;
        rewriteErrList |= withErrList;
    }

    /** Whether everything has been written again. */
    boolean isDone() {
        return rewriteNext == REWRITTEN;
    }

    /**
     * Adds some of what is to be written again.
     *
     * @param room makes room in the batch for so many commands
     * @return whether there is more to do at once
     */
    boolean step(IntConsumer room, int nowMillis, long nowNanos) {
        boolean more = rewrite(room, nowMillis);
        return writeOwed(room, nowMillis, nowNanos) || more;
    }

    private boolean rewrite(IntConsumer room, int nowMillis) {
        if (rewriteNext == REWRITTEN) {
            return false;
        }
        int limit = source.targetLimit();
        int end = Math.min(limit, rewriteNext + REWRITTEN_PER_CYCLE);
        for (; rewriteNext < end; rewriteNext++) {
            room.accept(StateCommands.MAX_COMMANDS_PER_TARGET);
            commands.rewrite(rewriteNext, rewriteErrList, nowMillis);
        }
        if (end < limit) {
            return true;
        }
        rewriteNext = REWRITTEN;
        rewriteErrList = false;
        return false;
    }

    private boolean writeOwed(IntConsumer room, int nowMillis, long nowNanos) {
        if (pages.owing() == 0 && !answers.hasRefusedRemovals()) {
            isTaken = false;
            isTried = false;
            owedDueNanos = nowNanos;
            return false;
        }
        if (isTried) {
            // What was added last time has its answers by now.
            isTried = false;
            isTaken = answers.refusals() == refusalsBefore;
            if (!isTaken) {
                owedDueNanos = nowNanos + RETRY_NANOS;
            }
        }
        if (nowNanos - owedDueNanos < 0) {
            return false;
        }
        refusalsBefore = answers.refusals();
        isTried = true;
        int most = isTaken ? REWRITTEN_PER_CYCLE : TRIED_PER_CYCLE;
        int done = 0;
        for (; done < most && answers.hasRefusedRemovals(); done++) {
            room.accept(1);
            IpAddress refused = answers.takeRefusedRemoval();
            if (refused != null) {
                commands.removeFromErrList(refused);
            }
        }
        for (; done < most && pages.owing() > 0; done++) {
            int target = pages.nextOwing(owedNext);
            if (target == TargetPages.NONE) {
                target = pages.nextOwing(0);
            }
            if (target == TargetPages.NONE) {
                break;
            }
            owedNext = target + 1;
            room.accept(StateCommands.MAX_COMMANDS_PER_TARGET);
            commands.writeOwed(target, nowMillis);
        }
        return true;
    }
}
