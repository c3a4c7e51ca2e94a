package io.pingagent.probe;

import io.pingagent.base.AnyThread;
import io.pingagent.base.NanoClock;
import io.pingagent.base.OwnedBy;
import io.pingagent.icmp.UnguessableNumbers;
import io.pingagent.model.IpAddress;
import io.pingagent.model.TargetSettings;
import io.pingagent.probe.queue.IntQueue;
import io.pingagent.probe.table.AddressIndex;
import io.pingagent.probe.table.SettingsTable;
import io.pingagent.probe.table.TargetTable;
import java.util.function.IntSupplier;

/**
 * Which address has which id.
 *
 * <p>An id that became free rests for {@value #QUARANTINE_SECONDS} s. So no late reply, expired key or queued write of
 * the old address meets the new one.
 */
@OwnedBy("caller")
final class TargetIds {

    static final int QUARANTINE_SECONDS = 120;

    private final TargetTable table;
    private final SettingsTable settings;
    private final AddressIndex index;
    private final NanoClock clock;
    private final IntSupplier firstSequences;
    private final IntQueue resting = new IntQueue();
    /** When each resting id was freed, in monotonic seconds. */
    private final IntQueue restingSince = new IntQueue();

    TargetIds(TargetTable table, SettingsTable settings, AddressIndex index, NanoClock clock) {
        this(table, settings, index, clock, new UnguessableNumbers());
    }

    /** @param firstSequences numbers that nobody can predict, except in tests */
    TargetIds(
            TargetTable table,
            SettingsTable settings,
            AddressIndex index,
            NanoClock clock,
            IntSupplier firstSequences) {
        this.table = table;
        this.settings = settings;
        this.index = index;
        this.clock = clock;
        this.firstSequences = firstSequences;
    }

    /** The id of an address that is not a target yet. */
    int add(IpAddress address, TargetSettings targetSettings) {
        int targetId = isRested() ? takeRested() : table.extend();
        table.setAddress(targetId, address);
        table.setSettings(targetId, settings.idOf(targetSettings));
        table.page(targetId).nextSequence[targetId & TargetTable.PAGE_MASK] = firstSequences.getAsInt();
        index.add(targetId);
        return targetId;
    }

    void remove(int targetId) {
        index.remove(targetId, table.address(targetId));
        resting.add(targetId);
        restingSince.add(nowSeconds());
    }

    /** Returns whether this changed anything. */
    boolean set(int targetId, TargetSettings targetSettings) {
        int settingsId = settings.idOf(targetSettings);
        boolean isChange = table.settings(targetId) != settingsId;
        if (isChange) {
            table.setSettings(targetId, settingsId);
        }
        return isChange;
    }

    @AnyThread
    int find(IpAddress address) {
        return index.find(address);
    }

    @AnyThread
    int size() {
        return index.size();
    }

    private boolean isRested() {
        return !resting.isEmpty() && nowSeconds() - restingSince.peek() >= QUARANTINE_SECONDS;
    }

    private int takeRested() {
        restingSince.remove();
        return resting.remove();
    }

    private int nowSeconds() {
        return (int) (clock.monotonicNanos() / 1_000_000_000L);
    }
}
