package io.pingagent.agent.catalogue;

import io.pingagent.redis.ServerFacts;
import io.pingagent.redis.catalogue.CatalogueSigns;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether jobs and groups that vanished from Redis were removed by a user or were lost. A pure function of what
 * was known, what was read, and what was seen beside it.
 *
 * <p>A server may have <em>lost data</em> if
 *
 * <ul>
 *   <li>it is a replica, or is loading or synchronising;
 *   <li>it is another one than before: another run or replication history;
 *   <li>the witness that the agent left there is gone, as everything is after a {@code FLUSHALL}.
 * </ul>
 *
 * What such a server lacks is kept until it is back or a user confirms the removal. Edits reach a replica through its
 * master, so there less than half may go.
 *
 * <p>On a sound server a list that vanished as a whole was removed by a user in two cases:
 *
 * <ul>
 *   <li>its members were taken out one by one;
 *   <li>the definitions went with it, as {@code ping-agent job remove} does.
 * </ul>
 *
 * Else it was deleted or evicted, and is kept. A group that vanished was removed by a user unless the server evicts
 * keys.
 *
 * <p>Where the agent may not leave a witness, it believes only what was taken out one by one or with
 * {@code ping-agent}.
 */
final class CatalogueTrust {

    /** Why something that vanished is kept. */
    enum Doubt {
        SYNCHRONISING,
        REPLICA,
        OTHER_RUN,
        OTHER_HISTORY,
        WIPED,
        EVICTED,
        /** The definitions of the jobs still stand. */
        LIST_DELETED
    }

    /** What Redis has reported of members taken out one by one. */
    enum Removals {
        SEEN,
        NONE_SEEN,
        /** Redis does not report such changes. */
        NOT_REPORTED;

        static Removals of(boolean removalSeen, boolean areReported) {
            return removalSeen ? SEEN : areReported ? NONE_SEEN : NOT_REPORTED;
        }
    }

    /** @param names what is kept of the names that vanished; empty exactly without a doubt */
    record Kept(@Nullable Doubt doubt, Set<String> names) {

        static final Kept NOTHING = new Kept(null, Set.of());

        static Kept of(Doubt doubt, Set<String> names) {
            return names.isEmpty() ? NOTHING : new Kept(doubt, Set.copyOf(names));
        }
    }

    /**
     * One list of jobs.
     *
     * @param known names believed so far, those kept among them
     * @param seenLast names of the reading before
     * @param now names of this reading
     * @param confirmed names that a user removed with {@code ping-agent}
     * @param standing names that have a definition in Redis
     * @param removals of members taken out of the list since the reading before
     * @param doubt that of the reading before
     */
    record Listing(
            Set<String> known,
            Set<String> seenLast,
            Set<String> now,
            Set<String> confirmed,
            Set<String> standing,
            Removals removals,
            @Nullable Doubt doubt) {

        boolean removalSeen() {
            return removals == Removals.SEEN;
        }
    }

    /**
     * One group.
     *
     * @param knownSize addresses believed so far
     * @param missing how many of them this reading lacks
     * @param isPresent whether its key is there
     * @param isUnlisted whether {@code group-list} named it in the reading before and does no more
     * @param confirmed whether a user removed it with {@code ping-agent}
     * @param removalSeen whether Redis reported members taken out of it since the reading before
     * @param isDoubted whether members were kept at the reading before
     */
    record Membership(
            int knownSize,
            int missing,
            boolean isPresent,
            boolean isUnlisted,
            boolean confirmed,
            boolean removalSeen,
            boolean isDoubted) {}

    private CatalogueTrust() {}

    /** What of a list is kept although this reading lacks it. */
    static Kept ofList(CatalogueSigns believed, CatalogueSigns now, Listing list) {
        Set<String> vanished = new TreeSet<>(list.known());
        vanished.removeAll(list.now());
        vanished.removeAll(list.confirmed());
        if (vanished.isEmpty()) {
            return Kept.NOTHING;
        }
        Set<String> keptBefore = new TreeSet<>(vanished);
        keptBefore.removeAll(list.seenLast());
        boolean isGone = list.now().isEmpty();
        Doubt ofServer = ofServer(believed, now);
        if (ofServer != null) {
            boolean isMuch =
                    isGone || isTooMuch(ofServer, vanished.size(), list.known().size());
            if (list.removalSeen() && !isGone) {
                vanished.retainAll(keptBefore);
            }
            return isMuch || !keptBefore.isEmpty() ? Kept.of(ofServer, vanished) : Kept.NOTHING;
        }
        Set<String> deleted = new TreeSet<>(vanished);
        deleted.retainAll(list.standing());
        if (!isGone || list.removalSeen()) {
            // What users took out now is gone; what was kept before stays so.
            boolean wasEvicted = list.doubt() == Doubt.EVICTED;
            Set<String> kept = new TreeSet<>(wasEvicted ? vanished : deleted);
            kept.retainAll(keptBefore);
            return Kept.of(wasEvicted ? Doubt.EVICTED : Doubt.LIST_DELETED, kept);
        }
        if (list.doubt() == Doubt.EVICTED || evicts(believed, now)) {
            return Kept.of(Doubt.EVICTED, vanished);
        }
        if (deleted.isEmpty() && isBlind(believed)) {
            return Kept.of(Doubt.WIPED, vanished);
        }
        boolean mayBeTakenOut =
                vanished.size() == 1 && keptBefore.isEmpty() && list.removals() == Removals.NOT_REPORTED;
        return mayBeTakenOut ? Kept.NOTHING : Kept.of(Doubt.LIST_DELETED, deleted);
    }

    /** Why the members of a group are kept although this reading lacks them; null if it is believed. */
    static @Nullable Doubt ofGroup(CatalogueSigns believed, CatalogueSigns now, Membership group) {
        if (group.missing() == 0 || group.confirmed()) {
            return null;
        }
        boolean isGone = !group.isPresent();
        Doubt ofServer = ofServer(believed, now);
        if (ofServer != null) {
            boolean isMuch = isGone || isTooMuch(ofServer, group.missing(), group.knownSize());
            boolean takenOut = group.removalSeen() && !isGone;
            return group.isDoubted() || isMuch && !takenOut ? ofServer : null;
        }
        if (!isGone || group.removalSeen()) {
            return null;
        }
        if (!group.isUnlisted() && evicts(believed, now)) {
            return Doubt.EVICTED;
        }
        return isBlind(believed) ? Doubt.WIPED : null;
    }

    private static boolean isBlind(CatalogueSigns believed) {
        return believed.witness() != CatalogueSigns.Witness.PRESENT;
    }

    private static boolean isTooMuch(Doubt ofServer, int missing, int known) {
        boolean mayBeEdited = ofServer == Doubt.REPLICA || ofServer == Doubt.SYNCHRONISING;
        return !mayBeEdited || missing * 2L > known;
    }

    /** Why the server may have lost data since the last reading that was believed; null if nothing speaks for it. */
    private static @Nullable Doubt ofServer(CatalogueSigns believed, CatalogueSigns now) {
        ServerFacts server = now.server();
        if (server.synchronising()) {
            return Doubt.SYNCHRONISING;
        }
        if (server.replica()) {
            return Doubt.REPLICA;
        }
        if (!server.run().equals(believed.server().run())) {
            return Doubt.OTHER_RUN;
        }
        if (!server.replication().equals(believed.server().replication())) {
            return Doubt.OTHER_HISTORY;
        }
        boolean witnessIsGone =
                believed.witness() == CatalogueSigns.Witness.PRESENT && now.witness() == CatalogueSigns.Witness.MISSING;
        if (!witnessIsGone) {
            return null;
        }
        return evicts(believed, now) ? Doubt.EVICTED : Doubt.WIPED;
    }

    /** Not only more: somebody may have reset the count. */
    private static boolean evicts(CatalogueSigns believed, CatalogueSigns now) {
        return now.server().evictedKeys() != believed.server().evictedKeys()
                && now.server().evictedKeys() > 0;
    }
}
