package io.pingagent.dns;

import io.pingagent.base.OwnedBy;
import io.pingagent.base.TokenBucket;
import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which names are watched, when each is asked for again, and what is known of it. Asks nobody itself and reads no clock.
 *
 * <p>A question is due again after the TTL of its answer or the reload interval, whichever is shorter. That is 5 s at least
 * and a day at most. Failed questions wait in a queue of their own: a thousand names that no server answers take only a
 * quarter of the room in flight. The first failure of a question is followed by another attempt at once,
 * at the next server. From the second on the failure counts, and the waits double up to a minute.
 *
 * <p>{@link Resolved} says what becomes of the addresses that an answer lacks.
 */
@OwnedBy("ping-dns")
final class NameTable {

    static final int MOST_IN_FLIGHT = 256;
    /** Of those, questions that failed before. */
    static final int MOST_TROUBLED_IN_FLIGHT = 64;

    static final int MOST_PER_SECOND = 1_000;
    /** Of one name. */
    static final int MOST_ADDRESSES = 8;
    /** From so many failures on a question counts as failed. */
    static final int PATIENCE = 2;

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long SHORTEST_NANOS = 5 * SECOND_NANOS;
    private static final long LONGEST_NANOS = 86_400 * SECOND_NANOS;
    private static final long LONGEST_BACKOFF_NANOS = 60 * SECOND_NANOS;
    /** Questions that may be asked at once after a pause. */
    private static final int BURST = 50;

    private final long intervalNanos;
    private final Map<HostName, List<Question>> questions = new HashMap<>();
    private final Map<HostName, Resolved> resolved = new HashMap<>();
    private final PriorityQueue<Question> sound = new PriorityQueue<>(NameTable::byDue);
    private final PriorityQueue<Question> troubled = new PriorityQueue<>(NameTable::byDue);
    private final TokenBucket rate = new TokenBucket(
            TokenBucket.costNanos(MOST_PER_SECOND),
            BURST * TokenBucket.costNanos(MOST_PER_SECOND),
            BURST * TokenBucket.costNanos(MOST_PER_SECOND));

    private boolean hasNews;
    private long filledNanos;
    private int inFlight;
    private int troubledInFlight;

    /**
     * @param intervalNanos of reloading: names are asked for again so often at least
     * @param nowNanos monotonic, as all times here
     */
    NameTable(long intervalNanos, long nowNanos) {
        this.intervalNanos = Math.min(LONGEST_NANOS, Math.max(SHORTEST_NANOS, intervalNanos));
        this.filledNanos = nowNanos;
    }

    private static int byDue(Question one, Question other) {
        return Long.signum(one.dueNanos - other.dueNanos);
    }

    /** From now on these names are watched and no others. New ones are due at once, in the order of their names. */
    void watch(Set<HostName> names, long nowNanos) {
        hasNews = true;
        Set<HostName> dropped = new HashSet<>(questions.keySet());
        dropped.removeAll(names);
        dropped.forEach(name -> {
            List<Question> gone = questions.remove(name);
            if (gone != null) {
                gone.forEach(question -> question.isDropped = true);
            }
            resolved.remove(name);
        });
        if (!dropped.isEmpty()) {
            sound.removeIf(question -> question.isDropped);
            troubled.removeIf(question -> question.isDropped);
        }
        Set<HostName> added = new TreeSet<>(names);
        added.removeAll(questions.keySet());
        for (HostName name : added) {
            List<Question> own = new ArrayList<>(2);
            if (name.family() != HostName.Family.V6) {
                own.add(new Question(name, false, nowNanos));
            }
            if (name.family() != HostName.Family.V4) {
                own.add(new Question(name, true, nowNanos));
            }
            questions.put(name, own);
            resolved.put(name, Resolved.PENDING);
            sound.addAll(own);
        }
    }

    /** What is known of a name from an earlier run; counts until an answer says something else. */
    void recall(HostName name, List<IpAddress> addresses) {
        resolved.computeIfPresent(name, (key, now) -> now.recalling(addresses));
    }

    /** The next question that is to be asked now, taken as asked; null if none is, or none may be. */
    @Nullable
    Question next(long nowNanos) {
        rate.fill(nowNanos - filledNanos);
        filledNanos = nowNanos;
        if (inFlight >= MOST_IN_FLIGHT || rate.tokens() < 1) {
            return null;
        }
        // Those with trouble first: they are few at a time, and must not starve while the others are many.
        Question question = null;
        if (troubledInFlight < MOST_TROUBLED_IN_FLIGHT) {
            question = pollDue(troubled, nowNanos);
        }
        if (question != null) {
            troubledInFlight++;
        } else {
            question = pollDue(sound, nowNanos);
        }
        if (question != null) {
            inFlight++;
            rate.take(1);
        }
        return question;
    }

    private static @Nullable Question pollDue(PriorityQueue<Question> queue, long nowNanos) {
        Question first = queue.peek();
        return first == null || first.dueNanos - nowNanos > 0 ? null : queue.poll();
    }

    /** How long until {@link #next} may have one, if nothing is answered before; at most the given time. */
    long untilNextNanos(long nowNanos, long mostNanos) {
        if (inFlight >= MOST_IN_FLIGHT) {
            return mostNanos;
        }
        long untilNanos = mostNanos;
        Question first = sound.peek();
        if (first != null) {
            untilNanos = Math.min(untilNanos, first.dueNanos - nowNanos);
        }
        Question failed = troubled.peek();
        if (failed != null && troubledInFlight < MOST_TROUBLED_IN_FLIGHT) {
            untilNanos = Math.min(untilNanos, failed.dueNanos - nowNanos);
        }
        return Math.max(Math.max(untilNanos, rate.untilTokenNanos()), 1);
    }

    /**
     * Takes the answer to a question that {@link #next} gave out.
     *
     * @return whether the addresses of its name changed
     */
    boolean answered(Question question, Answer answer, long nowNanos) {
        inFlight--;
        if (question.isTroubled()) {
            troubledInFlight--;
        }
        if (question.isDropped) {
            return false;
        }
        if (answer.kind() == Answer.Kind.FAILED) {
            question.failures++;
            if (question.failures >= PATIENCE) {
                question.settle(answer);
            }
        } else {
            question.failures = 0;
            question.settle(answer);
        }
        question.dueNanos = nowNanos + waitNanos(question, answer);
        (question.isTroubled() ? troubled : sound).add(question);
        return update(question.host);
    }

    private long waitNanos(Question question, Answer answer) {
        return switch (answer.kind()) {
            case ADDRESSES ->
                Math.max(SHORTEST_NANOS, Math.min(intervalNanos, Math.min(86_400, answer.ttlSeconds()) * SECOND_NANOS));
            case NONE -> intervalNanos;
            case FAILED -> {
                int doublings = Math.min(20, question.failures - PATIENCE);
                long longestNanos = Math.max(LONGEST_BACKOFF_NANOS, intervalNanos);
                yield doublings < 0 ? 0 : Math.min(longestNanos, SHORTEST_NANOS << doublings);
            }
        };
    }

    private boolean update(HostName host) {
        List<Question> own = questions.getOrDefault(host, List.of());
        Resolved before = resolved.getOrDefault(host, Resolved.PENDING);
        Resolved now = Resolved.of(own, before);
        if (!now.equals(before)) {
            resolved.put(host, now);
            hasNews = true;
        }
        return !now.addresses().equals(before.addresses());
    }

    /** What is known of each name; the map keeps changing. */
    Map<HostName, Resolved> resolved() {
        return resolved;
    }

    /** Whether {@link #resolved} has changed since the last call. */
    boolean takeNews() {
        boolean had = hasNews;
        hasNews = false;
        return had;
    }

    /** Questions that wait for an answer. */
    int inFlight() {
        return inFlight;
    }
}
