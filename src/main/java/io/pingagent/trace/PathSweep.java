package io.pingagent.trace;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.IpAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One sweep over the hops on the way to an address: which hop is asked when, and what was answered. Reads no clock and knows
 * no socket.
 *
 * <p>All hops are asked one after the other without waiting. When the last answer is overdue, hops that were silent are asked
 * again, as routers answer few packets a second. Of those behind the last hop that answered, only the next few are.
 */
@OwnedBy("caller")
final class PathSweep {

    /** As many as traceroute programs believe in behind a hop that answers. */
    private static final int SILENT_HOPS_ASKED_AGAIN = 5;

    private static final int NONE = Integer.MAX_VALUE;

    private final SweepRequest request;
    private final @Nullable Hop[] answers;
    private final String[] notes;
    /** The lowest TTL that reached the address, or that somebody refused to forward. */
    private int end = NONE;

    private boolean reached;
    private int tries = 1;
    private int nextHop;
    private long nextNanos;
    private long lastSentNanos;

    PathSweep(SweepRequest request, long nowNanos) {
        this.request = request;
        answers = new Hop[request.lastHop() + 1];
        notes = new String[request.lastHop() + 1];
        Arrays.fill(notes, "");
        nextHop = request.firstHop();
        nextNanos = nowNanos;
        lastSentNanos = nowNanos;
    }

    SweepRequest request() {
        return request;
    }

    /** The hop that is to be asked now, or 0. */
    int due(long nowNanos) {
        if (nextHop > last()) {
            if (tries == request.tries() || nowNanos - lastSentNanos < request.timeoutNanos() || silentHop(0) == 0) {
                return 0;
            }
            tries++;
            nextHop = silentHop(0);
        }
        return nextNanos - nowNanos <= 0 ? nextHop : 0;
    }

    /** @param note why it could not be sent, nor those of a higher TTL; empty if it was */
    void sent(int hop, long nowNanos, String note) {
        notes[hop] = note;
        if (!note.isEmpty()) {
            end = Math.min(end, hop);
        }
        lastSentNanos = nowNanos;
        nextNanos = nowNanos + request.gapNanos();
        int next = tries == 1 ? hop + 1 : silentHop(hop);
        nextHop = next == 0 ? NONE : next;
    }

    private int last() {
        return Math.min(end, request.lastHop());
    }

    /** The next hop after this one that is worth another question, or 0. */
    private int silentHop(int after) {
        int lastAnswer = request.firstHop() - 1;
        for (int hop = request.firstHop(); hop <= last(); hop++) {
            if (answers[hop] != null) {
                lastAnswer = hop;
            }
        }
        int until = Math.min(last(), lastAnswer + SILENT_HOPS_ASKED_AGAIN);
        for (int hop = Math.max(after + 1, request.firstHop()); hop <= until; hop++) {
            if (answers[hop] == null) {
                return hop;
            }
        }
        return 0;
    }

    /**
     * @param isTarget whether the address itself has answered
     * @param note other than empty if somebody refuses to forward
     */
    void answered(int hop, IpAddress from, long rttNanos, boolean isTarget, String note) {
        if (answers[hop] == null || isTarget && !reached) {
            answers[hop] = new Hop(from, rttNanos, note);
        }
        if (isTarget || !note.isEmpty()) {
            end = Math.min(end, hop);
        }
        reached |= isTarget;
    }

    /** Whether all is known, or nothing more will come. */
    boolean isDone(long nowNanos) {
        if (nextHop <= last()) {
            return false;
        }
        boolean isComplete = true;
        for (int hop = request.firstHop(); hop <= last(); hop++) {
            isComplete &= answers[hop] != null || !notes[hop].isEmpty();
        }
        boolean isOverdue = nowNanos - lastSentNanos >= request.timeoutNanos();
        return isComplete || isOverdue && (tries == request.tries() || silentHop(0) == 0);
    }

    /** How long until something is to be done without an answer. */
    long pauseNanos(long nowNanos) {
        long untilNanos = nextHop <= last() ? nextNanos : lastSentNanos + request.timeoutNanos();
        return Math.max(0, untilNanos - nowNanos);
    }

    /** The hops that were asked, silent ones too. */
    List<Hop> hops() {
        List<Hop> hops = new ArrayList<>();
        for (int hop = request.firstHop(); hop <= last(); hop++) {
            Hop answer = answers[hop];
            hops.add(answer != null ? answer : notes[hop].isEmpty() ? Hop.SILENT : new Hop(null, 0, notes[hop]));
        }
        return hops;
    }

    boolean reached() {
        return reached;
    }
}
