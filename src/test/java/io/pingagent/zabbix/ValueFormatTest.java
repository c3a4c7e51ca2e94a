package io.pingagent.zabbix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pingagent.model.AddressStatus;
import io.pingagent.model.ZabbixHost;
import io.pingagent.model.ZabbixValue;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ValueFormatTest {

    private static final long CLOCK = 1_700_000_000L;
    private static final long WALL = CLOCK * 1_000_000_000L;

    private final ValueFormat format = new ValueFormat(FakeTargets.settings(EnumSet.allOf(AddressItem.class), false));
    private final IntervalRow row = new IntervalRow();

    private List<String> texts() {
        List<ZabbixValue> values = new ArrayList<>();
        format.row(new AddressHosts("192.0.2.1", List.of()), row, values);
        return values.stream()
                .map(value -> value.key().replace("[\"192.0.2.1\"]", "") + "=" + value.value() + "@"
                        + (value.clockSeconds() - CLOCK) + "." + value.nanos())
                .toList();
    }

    @Test
    void secondsAreExactAndPlain() {
        assertEquals("0.011204", ValueFormat.seconds(11_204_000));
        assertEquals("0.000000001", ValueFormat.seconds(1));
        assertEquals("0", ValueFormat.seconds(0));
        assertEquals("10", ValueFormat.seconds(10_000_000_000L));
        assertEquals("100", ValueFormat.decimal(100));
        assertEquals("33.3333", ValueFormat.decimal(100.0 / 3));
        assertEquals("0", ValueFormat.decimal(0.00001));
    }

    @Test
    void aRowHasTheStampsOfItsMeasurements() {
        row.sent = 3;
        row.received = 2;
        row.rttSumNanos = 30;
        row.rttMinNanos = 10;
        row.rttMaxNanos = 20;
        row.jitterSumNanos = 10;
        row.jitterCount = 1;
        row.lastReplyWallNanos = WALL + 5;
        row.lastWallNanos = WALL + 1_000_000_007L;
        row.status = StatusJudge.Status.UP;
        assertEquals(
                List.of(
                        "ping.status=1@1.7",
                        "ping.loss=33.3333@1.7",
                        "ping.rtt=0.000000015@0.5",
                        "ping.rtt.min=0.00000001@0.5",
                        "ping.rtt.max=0.00000002@0.5",
                        "ping.jitter=0.00000001@0.5"),
                texts());
    }

    @Test
    void withoutAReplyThereIsLossAndStatusButNoRoundTripTime() {
        row.sent = 3;
        row.lastWallNanos = WALL;
        row.status = StatusJudge.Status.DOWN;
        assertEquals(List.of("ping.status=0@0.0", "ping.loss=100@0.0"), texts());
        row.status = StatusJudge.Status.UNKNOWN;
        assertEquals(List.of("ping.status=0@0.0", "ping.loss=100@0.0"), texts());
        row.sent = 2;
        assertEquals(List.of("ping.loss=100@0.0"), texts());
    }

    @Test
    void anUndecidedTargetThatAnswersIsUp() {
        row.sent = 60;
        row.received = 2;
        row.rttSumNanos = 2;
        row.rttMinNanos = 1;
        row.rttMaxNanos = 1;
        row.lastWallNanos = WALL;
        row.lastReplyWallNanos = WALL;
        assertEquals("ping.loss=96.6667@0.0", texts().get(0));
        row.received = 3;
        assertEquals("ping.status=1@0.0", texts().get(0));
    }

    @Test
    void withoutAProbeThereIsNothing() {
        row.status = StatusJudge.Status.UP;
        assertEquals(List.of(), texts());
    }

    @Test
    void anAddressMayBeAHostOfItsOwn() {
        ValueFormat own = new ValueFormat(FakeTargets.settings(EnumSet.allOf(AddressItem.class), true));
        List<ZabbixValue> values = new ArrayList<>();
        own.status(new AddressHosts("2001:db8::1", List.of()), AddressStatus.UP, 1_700_000_000_123_456_789L, values);
        assertEquals(
                List.of(new ZabbixValue("ping gza 2001-db8--1", "ping.status", "1", 1_700_000_000L, 123_456_789)),
                values);
        assertEquals(
                new ZabbixValue("gza", "ping.agent.version", "0.1.0", 1, 0),
                own.agent(AgentItem.VERSION, "0.1.0", 1_000_000_000L));
    }

    private List<String> textsOf(String hosts) {
        List<ZabbixValue> values = new ArrayList<>();
        format.row(new AddressHosts("192.0.2.1", ZabbixHost.parse(hosts)), row, values);
        return values.stream()
                .map(value -> value.host() + ' ' + value.key() + '=' + value.value())
                .toList();
    }

    @Test
    void existingHostsTakeTheValuesInsteadOfTheAgentsHost() {
        row.sent = 1;
        row.received = 1;
        row.rttSumNanos = 10;
        row.rttMinNanos = 10;
        row.rttMaxNanos = 10;
        row.status = StatusJudge.Status.UP;
        row.lastReplyWallNanos = WALL;
        row.lastWallNanos = WALL;

        assertEquals(
                List.of(
                        "r1 ping.status=1",
                        "r2 icmpping=1",
                        "r1 ping.loss=0",
                        "r2 icmppingloss=0",
                        "r1 ping.rtt=0.00000001",
                        "r2 icmppingsec=0.00000001",
                        "r1 ping.rtt.min=0.00000001",
                        "r1 ping.rtt.max=0.00000001"),
                textsOf("r1,r2;icmpping"));
    }

    @Test
    void icmppingsecIsZeroWhereNothingAnswers() {
        row.sent = 3;
        row.status = StatusJudge.Status.DOWN;
        row.lastWallNanos = WALL;

        assertEquals(
                List.of(
                        "r1 ping.status=0",
                        "r2 icmpping=0",
                        "r1 ping.loss=100",
                        "r2 icmppingloss=100",
                        "r2 icmppingsec=0"),
                textsOf("r1,r2;icmpping"));
    }

    @Test
    void theOfficialTriggerSeesAnOutageAtOnce() {
        List<ZabbixValue> values = new ArrayList<>();
        format.changed(
                new AddressHosts("192.0.2.1", ZabbixHost.parse("r1,r2;icmpping")), AddressStatus.DOWN, WALL, values);
        assertEquals(
                List.of(
                        ZabbixValue.at("r2", "icmpping", "0", WALL - 2),
                        ZabbixValue.at("r2", "icmpping", "0", WALL - 1),
                        ZabbixValue.at("r1", "ping.status", "0", WALL),
                        ZabbixValue.at("r2", "icmpping", "0", WALL)),
                values);

        values.clear();
        format.changed(new AddressHosts("192.0.2.1", ZabbixHost.parse("r2;icmpping")), AddressStatus.UP, WALL, values);
        assertEquals(List.of(ZabbixValue.at("r2", "icmpping", "1", WALL)), values);
    }
}
