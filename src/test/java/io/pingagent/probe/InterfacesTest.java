package io.pingagent.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.pingagent.icmp.FakeIcmpSocket;
import io.pingagent.icmp.SendErrors;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Zones;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Interfaces that come, go and are made again under the sender. */
class InterfacesTest {

    private static final long MILLI = EngineLab.MILLI;
    private static final long SECOND = EngineLab.SECOND;
    private static final IpAddress TARGET = IpAddress.v6(0xfe80L << 48, 7, Zones.number("wan"));
    private static final String AWAY = "addresses with %wan: there is no such interface";

    /** Nobody gets on the err list too early, so that the cadence stays. */
    private final EngineLab lab = new EngineLab(new EngineOptions(100_000, 5, 0.02, 3_600 * SECOND));

    private int probedEverySecond() {
        int target = lab.add(TARGET, EngineLab.SETTINGS);
        lab.job(1, SECOND, target);
        return target;
    }

    private List<Integer> scopes() {
        return lab.v6.sent().stream().map(FakeIcmpSocket.Sent::scopeId).toList();
    }

    @Test
    void anInterfaceMadeAgainIsFoundUnderItsNewIndex() {
        lab.v6.interfaceIndex("wan", 7);
        probedEverySecond();
        lab.run(2_500 * MILLI);
        assertEquals(List.of(7, 7, 7), scopes());
        lab.v6.interfaceIndex("wan", 9);
        lab.v6.forgetSent();
        lab.run(4 * SECOND);
        assertEquals(9, scopes().get(scopes().size() - 1));
    }

    @Test
    void theInterfaceIsNotLookedUpForEachProbe() {
        lab.v6.interfaceIndex("wan", 7);
        lab.job(1, 10 * MILLI, lab.add(TARGET, EngineLab.SETTINGS));
        lab.run(10 * SECOND);
        assertEquals(1_000, scopes().size(), 5);
        assertEquals(5, lab.v6.interfaceLookups(), 1);
        // Nor while it is away: ten times a second at most.
        lab.v6.interfaceIndex("wan", -1);
        lab.errListEverySecond();
        lab.run(10 * SECOND);
        assertEquals(50, lab.v6.interfaceLookups(), 55);
    }

    @Test
    void aFailedSendAsksAgainAtOnce() {
        lab.v6.interfaceIndex("wan", 7);
        probedEverySecond();
        lab.run(100 * MILLI);
        lab.v6.interfaceIndex("wan", 9);
        lab.v6.failSends(SendErrors.ENODEV, 1);
        lab.v6.forgetSent();
        lab.run(2 * SECOND);
        assertEquals(List.of(9), scopes());
        assertEquals(List.of(SendErrors.ENODEV), lab.heard.errnos);
    }

    @Test
    void withoutItsInterfaceATargetIsLostAndListedAndSaysWhy() {
        lab.v6.interfaceIndex("wan", -1);
        int target = probedEverySecond();
        int other = lab.add(1);
        lab.job(2, SECOND, other);
        lab.run(7 * SECOND);
        assertEquals(List.of(), scopes());
        assertEquals(true, lab.isListed(target));
        assertEquals(false, lab.isListed(other));
        assertEquals(SendErrors.ENODEV, lab.heard.errnos.get(0));
        assertEquals(List.of(AWAY), lab.sender.interfaces().problems());
        assertEquals(AWAY, lab.sender.interfaces().problemOf(TARGET));
        assertNull(lab.sender.interfaces().problemOf(EngineLab.address(1)));
        assertNull(lab.sender.interfaces().problemOf(IpAddress.v6(0xfe80L << 48, 7, 0)));

        lab.v6.interfaceIndex("wan", 9);
        lab.errListEverySecond();
        lab.run(2 * SECOND);
        assertEquals(9, scopes().get(0));
        assertEquals(List.of(), lab.sender.interfaces().problems());
        assertNull(lab.sender.interfaces().problemOf(TARGET));
    }

    @Test
    void aZoneWithoutTargetsIsForgotten() {
        lab.v6.interfaceIndex("wan", -1);
        int target = probedEverySecond();
        lab.run(1_500 * MILLI);
        assertEquals(List.of(AWAY), lab.sender.interfaces().problems());
        lab.silence(1);
        lab.remove(target);
        lab.tick(SECOND);
        lab.run(620 * SECOND);
        assertEquals(List.of(), lab.sender.interfaces().problems());
    }

    @Test
    void bindingsAreRenewedEveryTwoSecondsAndSoonerAfterAnError() {
        EngineLab lab = new EngineLab(new EngineOptions(100_000, Integer.MAX_VALUE, 0.02, 3_600 * SECOND));
        int target = lab.add(1);
        lab.run(10 * SECOND);
        assertEquals(5, lab.v4.bindingRefreshes(), 1);
        int before = lab.v4.bindingRefreshes();
        lab.v4.failSendsTo(0, EngineLab.address(1).low(), SendErrors.ENETUNREACH);
        lab.job(1, 10 * MILLI, target);
        lab.run(SECOND);
        // At most ten a second, however many probes fail.
        assertEquals(10, lab.v4.bindingRefreshes() - before, 2);
    }

    @Test
    void aProblemOfTheBindingIsToldOnceForBothFamilies() {
        String problem = "probe.interface 'ppp0': there is no such interface";
        lab.v4.bindingProblem(problem);
        lab.v6.bindingProblem(problem);
        lab.run(3 * SECOND);
        assertEquals(List.of(problem), lab.sender.interfaces().problems());
        assertEquals(problem, lab.sender.interfaces().problemOf(EngineLab.address(1)));
        lab.v4.bindingProblem(null);
        lab.v6.bindingProblem(null);
        lab.run(3 * SECOND);
        assertEquals(List.of(), lab.sender.interfaces().problems());
    }
}
