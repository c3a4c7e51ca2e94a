package io.pingagent.trace;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.IpAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What earlier runs of the agent found, as the store knows it. It is asked for each entry of {@link KeptPaths}, and for
 * targets that are down when the agent starts. What the store cannot say is asked again after a second.
 */
@OwnedBy("caller")
final class EarlierPaths {

    private static final Logger LOG = LogManager.getLogger(EarlierPaths.class);

    private static final int MOST_FOUND_DOWN = KeptPaths.MOST;
    private static final int MOST_FOUND_ASKED = 100;
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * An answer of the store.
     *
     * @param isFoundDown whether it was asked for a target that was found down
     * @param isKnown false if the store could not say
     */
    private record Answer(
            int targetId,
            IpAddress address,
            boolean isFoundDown,
            boolean isKnown,
            @Nullable String json) {}

    private final PathStore store;
    private final PathTargets targets;
    private final KeptPaths kept;
    /** Filled by any thread. */
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    /** Still to be asked for. */
    private final Set<Integer> foundDown = new LinkedHashSet<>();
    /** To be asked for again. */
    private final List<KeptPaths.Entry> unanswered = new ArrayList<>();

    private int foundAsked;
    private long askNanos;

    EarlierPaths(PathStore store, PathTargets targets, KeptPaths kept, long nowNanos) {
        this.store = store;
        this.targets = targets;
        this.kept = kept;
        this.askNanos = nowNanos;
    }

    /** Asks for the record of an entry, unless that was done. */
    void load(KeptPaths.Entry entry) {
        if (!entry.isAsked()) {
            entry.asked();
            load(entry.targetId(), entry.address(), false);
        }
    }

    private void load(int targetId, IpAddress address, boolean isFoundDown) {
        store.load(
                address,
                json -> answers.add(new Answer(targetId, address, isFoundDown, true, json)),
                () -> answers.add(new Answer(targetId, address, isFoundDown, false, null)));
    }

    /** A target was down at the first verdict on it. Beyond 10,000 they are not looked at. */
    void foundDown(int targetId) {
        if (targets.address(targetId) != null && foundDown.size() < MOST_FOUND_DOWN) {
            foundDown.add(targetId);
        }
    }

    /** Asks for those found down, and again for what the store could not say. */
    void ask(long nowNanos) {
        if (nowNanos - askNanos < 0) {
            return;
        }
        List<KeptPaths.Entry> again = List.copyOf(unanswered);
        unanswered.clear();
        again.forEach(this::load);
        for (Iterator<Integer> next = foundDown.iterator(); next.hasNext() && foundAsked < MOST_FOUND_ASKED; ) {
            int targetId = next.next();
            next.remove();
            IpAddress address = targets.address(targetId);
            if (address != null) {
                foundAsked++;
                load(targetId, address, true);
            }
        }
    }

    /**
     * Takes what the store has answered.
     *
     * @param down hears of targets found down whose present outage nobody has traced
     * @param loaded hears of entries whose record is known now
     */
    void take(long nowNanos, IntConsumer down, Consumer<KeptPaths.Entry> loaded) {
        for (Answer each = answers.poll(); each != null; each = answers.poll()) {
            if (!each.isKnown) {
                askNanos = nowNanos + SECOND_NANOS;
            }
            if (each.isFoundDown) {
                foundAsked--;
                takeFoundDown(each, down);
                continue;
            }
            KeptPaths.Entry entry = kept.find(each.targetId, each.address);
            if (entry != null && each.isKnown) {
                entry.loaded(record(each));
                loaded.accept(entry);
            } else if (entry != null) {
                entry.unanswered();
                unanswered.add(entry);
            }
        }
    }

    private void takeFoundDown(Answer answer, IntConsumer down) {
        if (!answer.address.equals(targets.address(answer.targetId)) || targets.isUp(answer.targetId)) {
            return;
        }
        if (!answer.isKnown) {
            foundDown(answer.targetId);
            return;
        }
        PathRecord earlier = record(answer);
        if (earlier == null || !earlier.isOfPresentOutage()) {
            down.accept(answer.targetId);
        }
    }

    private static @Nullable PathRecord record(Answer answer) {
        if (answer.json == null) {
            return null;
        }
        try {
            return PathJson.read(answer.json);
        } catch (IllegalArgumentException e) {
            LOG.warn("the kept path of {} is not used: {}; it is replaced", answer.address, e.getMessage());
            return null;
        }
    }
}
