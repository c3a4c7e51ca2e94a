package io.pingagent.probe;

import static io.pingagent.probe.EngineLab.MILLI;
import static io.pingagent.probe.EngineLab.SECOND;
import static io.pingagent.probe.EngineLab.assertNear;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.base.ServiceUnreachableException;
import io.pingagent.icmp.EchoKey;
import io.pingagent.icmp.FakeIcmpSocket;
import io.pingagent.icmp.Rejection;
import io.pingagent.icmp.SendErrors;
import io.pingagent.icmp.TestOptions;
import io.pingagent.model.IpAddress;
import io.pingagent.model.ProbeProfile;
import io.pingagent.model.TargetSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Jobs whose probes go by sockets of their own. */
class ProfilesTest {

    private static final int JOB = 1;
    private static final ProbeProfile VOICE = new ProbeProfile(46, null, null, null, null, null, null);
    private static final ProbeProfile FAR = new ProbeProfile(null, null, 200, null, null, "ppp0", null);

    private final EngineLab lab = new EngineLab();
    private final Map<ProbeProfile, FakeIcmpSocket> opened = new HashMap<>();
    private boolean isRefused;

    private static TargetSettings settings(ProbeProfile profile) {
        return new TargetSettings(21_000, -1, SECOND, profile);
    }

    private void use(ProbeProfile... profiles) {
        Map<ProbeProfile, String> labels = new HashMap<>();
        for (ProbeProfile profile : profiles) {
            labels.put(profile, "job 'j" + labels.size() + "'");
        }
        lab.parts
                .profiles()
                .use(
                        labels,
                        lab.settings,
                        (profile, identifier) -> {
                            if (isRefused) {
                                throw new ServiceUnreachableException("no file descriptor is left");
                            }
                            FakeIcmpSocket socket = new FakeIcmpSocket(
                                    false,
                                    TestOptions.defaults(),
                                    EchoKey.random(),
                                    identifier,
                                    lab.time::wallNanos,
                                    lab.time::monotonicNanos);
                            opened.put(profile, socket);
                            return new Sockets(socket, null);
                        },
                        lab.now(),
                        lab.sender::cycles,
                        lab.receiver::cycles);
    }

    private int sent(ProbeProfile profile) {
        return opened.get(profile).sent().size();
    }

    @Test
    void probesGoByTheSocketOfTheirProfileAndAreAnsweredThere() {
        use(VOICE);
        int voice = lab.add(IpAddress.v4(1), settings(VOICE));
        int other = lab.add(2);
        opened.get(VOICE).network((request, answers) -> answers.reply(3 * MILLI));
        lab.v4.network((request, answers) -> answers.reply(7 * MILLI));
        lab.job(JOB, SECOND, voice, other);
        lab.run(20 * SECOND);
        assertNear(20, sent(VOICE), 1);
        assertNear(20, lab.v4.sent().size(), 1);
        assertNear(3 * MILLI, (long) lab.table.lastRttNanos(voice), MILLI);
        assertNear(7 * MILLI, (long) lab.table.lastRttNanos(other), MILLI);
        assertEquals(List.of(), lab.heard.lostTargets);
        assertEquals(0, lab.heard.duplicates);
        assertEquals(0, lab.count(Counter.REJECTED));
    }

    @Test
    void anotherProfileHoldsFromTheNextProbeOnAndLosesNoReply() {
        use(VOICE);
        int id = lab.add(IpAddress.v4(1), settings(VOICE));
        opened.get(VOICE).network((request, answers) -> answers.reply(800 * MILLI));
        lab.job(JOB, SECOND, id);
        lab.run(10 * SECOND + 400 * MILLI);
        int before = sent(VOICE);
        use(FAR);
        opened.get(FAR).network((request, answers) -> answers.reply(800 * MILLI));
        lab.targets.set(id, settings(FAR));
        lab.run(10 * SECOND);
        assertEquals(before, sent(VOICE));
        assertNear(10, sent(FAR), 1);
        assertEquals(List.of(), lab.heard.lostTargets);
        assertNear(sent(VOICE) + sent(FAR), lab.heard.rttsNanos.size(), 1);
        lab.targets.set(id, settings(ProbeProfile.DEFAULT));
        use();
        lab.run(10 * SECOND);
        assertNear(10, lab.v4.sent().size(), 1);
        assertEquals(List.of(), lab.heard.lostTargets);
    }

    /** A reload changes the sockets first, and the settings of a million addresses one after the other. */
    @Test
    void probesBetweenTheStepsOfAReloadAreSentAsBefore() {
        use(VOICE);
        int id = lab.add(IpAddress.v4(1), settings(VOICE));
        FakeIcmpSocket voice = opened.get(VOICE);
        voice.network((request, answers) -> answers.reply(MILLI));
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        lab.job(JOB, SECOND, id);
        lab.run(5 * SECOND);
        int before = sent(VOICE);
        use(FAR);
        opened.get(FAR).network((request, answers) -> answers.reply(MILLI));
        lab.run(3 * SECOND);
        assertNear(before + 3, sent(VOICE), 1);
        lab.targets.set(id, settings(FAR));
        lab.run(3 * SECOND);
        int far = sent(FAR);
        assertNear(3, far, 1);
        use();
        lab.run(3 * SECOND);
        assertNear(far + 3, sent(FAR), 1);
        assertEquals(List.of(), lab.heard.lostTargets);
        assertEquals(List.of(), lab.heard.errnos);
        assertEquals(0, lab.receiver.listed());
    }

    @Test
    void whoIsWantedAgainInTimeKeepsItsSockets() {
        use(VOICE);
        FakeIcmpSocket voice = opened.get(VOICE);
        use(FAR);
        voice.bindingProblem("interface 'ppp0': there is no such interface");
        lab.run(3 * SECOND);
        assertEquals(List.of(), lab.sender.interfaces().problems());
        use(VOICE, FAR);
        assertEquals(1, lab.sender.interfaces().problems().size());
        lab.run((ProfileSockets.RETIRED_SECONDS + 1) * SECOND);
        for (int i = 0; i < 3; i++) {
            use(VOICE, FAR);
            lab.run(SECOND);
        }
        assertEquals(2, lab.parts.profiles().v4().length);
        assertFalse(voice.isClosed());
        assertEquals(voice, opened.get(VOICE));
    }

    @Test
    void theLastSocketsAreClosedToo() {
        use(VOICE);
        int id = lab.add(IpAddress.v4(1), settings(VOICE));
        lab.job(JOB, SECOND, id);
        lab.run(2 * SECOND);
        lab.targets.set(id, settings(ProbeProfile.DEFAULT));
        use();
        for (int i = 0; i < 3; i++) {
            lab.run((ProfileSockets.RETIRED_SECONDS + 1) * SECOND);
            use();
        }
        assertTrue(opened.get(VOICE).isClosed());
        assertEquals(0, lab.parts.profiles().v4().length);
    }

    @Test
    void anErrorThatEverySocketGetsIsCountedOnce() {
        use(VOICE);
        lab.cycle();
        int foreign = lab.parts.profiles().freeIdentifier();
        lab.v4.forgeError(0x0a0000fe, 0x0a000001, foreign, 7);
        opened.get(VOICE).forgeError(0x0a0000fe, 0x0a000001, foreign, 7);
        lab.run(SECOND);
        assertEquals(1, lab.receiver.rejected(Rejection.FOREIGN_ERROR));
        assertEquals(1, lab.count(Counter.REJECTED));
    }

    /** More than at first have room in the sender's list, and one of them in the middle is given up. */
    @Test
    void manyProfilesAreSentByAtOnceAndOneMayEnd() {
        ProbeProfile[] many = new ProbeProfile[10];
        int[] ids = new int[many.length];
        for (int i = 0; i < many.length; i++) {
            many[i] = new ProbeProfile(i + 1, null, null, null, null, null, null);
        }
        use(many);
        for (int i = 0; i < many.length; i++) {
            opened.get(many[i]).network((request, answers) -> answers.reply(MILLI));
            ids[i] = lab.add(IpAddress.v4(1 + i), settings(many[i]));
        }
        lab.job(JOB, SECOND, ids);
        lab.run(5 * SECOND);
        lab.targets.set(ids[4], settings(many[5]));
        ProbeProfile[] fewer =
                Stream.of(many).filter(one -> !one.equals(many[4])).toArray(ProbeProfile[]::new);
        for (int i = 0; i < 3; i++) {
            use(fewer);
            lab.run((ProfileSockets.RETIRED_SECONDS + 1) * SECOND);
        }
        int before = sent(many[9]);
        lab.run(5 * SECOND);
        assertNear(before + 5, sent(many[9]), 1);
        assertTrue(opened.get(many[4]).isClosed());
        assertEquals(List.of(), lab.heard.lostTargets);
    }

    @Test
    void socketsThatNobodyUsesAreClosedOnceNoReplyCanComeAndNobodyKnowsThem() {
        use(VOICE, FAR);
        FakeIcmpSocket voice = opened.get(VOICE);
        use(FAR);
        assertEquals(2, lab.parts.profiles().v4().length);
        lab.run((ProfileSockets.RETIRED_SECONDS + 1) * SECOND);
        use(FAR);
        assertEquals(1, lab.parts.profiles().v4().length);
        assertFalse(voice.isClosed());
        use(FAR);
        assertFalse(voice.isClosed());
        lab.run(SECOND);
        use(FAR);
        assertTrue(voice.isClosed());
        assertFalse(opened.get(FAR).isClosed());
        use(VOICE, FAR);
        assertNotSame(voice, opened.get(VOICE));
    }

    /** Not by the configuration's socket: its interface and marking are others than asked for. */
    @Test
    void whileAnInterfaceIsMissingItsProbesAreNotSentAndItRecoversByItself() {
        use(FAR);
        int id = lab.add(IpAddress.v4(1), settings(FAR));
        opened.get(FAR).network((request, answers) -> answers.reply(MILLI));
        opened.get(FAR).bindingProblem("interface 'ppp0': there is no such interface");
        lab.run(5 * SECOND);
        lab.job(JOB, SECOND, id);
        lab.errListEverySecond();
        lab.run(5 * SECOND);
        assertEquals(0, sent(FAR));
        assertEquals(0, lab.v4.sent().size());
        assertTrue(lab.heard.lostTargets.size() >= 4);
        assertEquals(SendErrors.ENODEV, lab.heard.errnos.get(0));
        assertEquals(
                List.of("job 'j0': interface 'ppp0': there is no such interface"),
                lab.sender.interfaces().problems());
        assertEquals(
                "job 'j0': interface 'ppp0': there is no such interface",
                lab.sender.interfaces().problemOf(IpAddress.v4(1), lab.settings.profile(FAR)));
        opened.get(FAR).bindingProblem(null);
        lab.run(3 * SECOND);
        assertTrue(sent(FAR) > 0);
        assertEquals(List.of(), lab.sender.interfaces().problems());
        assertNull(lab.sender.interfaces().problemOf(IpAddress.v4(1), lab.settings.profile(FAR)));
    }

    @Test
    void refusedSocketsAreAProblemAndAreTriedAgain() {
        isRefused = true;
        use(VOICE);
        int id = lab.add(IpAddress.v4(1), settings(VOICE));
        lab.job(JOB, SECOND, id);
        lab.run(3 * SECOND);
        assertEquals(0, lab.v4.sent().size());
        assertEquals(
                List.of("job 'j0': no file descriptor is left"),
                lab.sender.interfaces().problems());
        isRefused = false;
        use(VOICE);
        lab.errListEverySecond();
        lab.run(3 * SECOND);
        assertTrue(sent(VOICE) > 0);
        assertEquals(List.of(), lab.sender.interfaces().problems());
    }

    @Test
    void allSocketsHaveIdentifiersOfTheirOwnAlsoAfterAChange() {
        EngineLab often = new EngineLab(new EngineOptions(100_000, 1, 0.02, SECOND));
        FakeIcmpSocket own = new FakeIcmpSocket(false, often.time::wallNanos, often.time::monotonicNanos);
        often.parts
                .profiles()
                .use(
                        Map.of(VOICE, "job 'a'"),
                        often.settings,
                        (profile, identifier) -> new Sockets(own, null),
                        often.now(),
                        often.sender::cycles,
                        often.receiver::cycles);
        int[] ids = {often.add(IpAddress.v4(1), settings(VOICE)), often.add(2)};
        often.job(JOB, SECOND / 2, ids);
        often.run(30 * SECOND);
        assertTrue(own.sent().stream()
                        .mapToInt(FakeIcmpSocket.Sent::identifier)
                        .distinct()
                        .count()
                > 20);
        int last = own.sent().get(own.sent().size() - 1).identifier();
        assertFalse(often.v4.accepts(last));
        assertEquals(List.of(), often.heard.lostTargets);
    }

    @Test
    void packetsThatTheKernelDroppedAtAProfilesSocketExcuseItsProbes() {
        use(VOICE);
        int id = lab.add(IpAddress.v4(1), settings(VOICE));
        FakeIcmpSocket voice = opened.get(VOICE);
        voice.network((request, answers) -> answers.reply(MILLI));
        lab.job(JOB, SECOND, id);
        lab.run(5 * SECOND);
        voice.network((request, answers) -> voice.kernelDrops(1));
        lab.run(SECOND);
        voice.network((request, answers) -> answers.reply(MILLI));
        lab.run(3 * SECOND);
        assertEquals(List.of(id), lab.heard.invalidatedTargets);
        assertEquals(List.of(), lab.heard.lostTargets);
        assertEquals(1, lab.parts.profiles().kernelDrops());
    }

    @Test
    void aFullSocketOfAProfileHoldsUpNobodyElse() {
        use(VOICE);
        int voice = lab.add(IpAddress.v4(1), settings(VOICE));
        int other = lab.add(2);
        opened.get(VOICE).fullGroups(true, true);
        lab.job(JOB, SECOND, voice, other);
        lab.run(10 * SECOND);
        assertNear(10, lab.sendTimes(other).size(), 1);
        assertEquals(0, lab.count(Counter.LOST));
        assertTrue(lab.heard.unsent > 0);
    }
}
