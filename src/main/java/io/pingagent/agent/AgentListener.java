package io.pingagent.agent;

import io.pingagent.agent.control.AddressHistory;
import io.pingagent.agent.control.ProbeFeed;
import io.pingagent.agent.history.ProbeHistory;
import io.pingagent.agent.report.SendErrorTally;
import io.pingagent.agent.watch.ErrListLog;
import io.pingagent.agent.watch.Overruns;
import io.pingagent.base.AnyThread;
import io.pingagent.probe.Engine;
import io.pingagent.probe.ErrListCause;
import io.pingagent.probe.ProbeListener;
import io.pingagent.redis.writer.StateWriter;
import io.pingagent.zabbix.ZabbixBridge;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Hands what the engine finds to the Redis writer and the Zabbix bridge. On {@code ping-recv} and {@code ping-send}; never waits.
 *
 * <p>They are set once, before the engine starts, because they and the engine need each other.
 */
public class AgentListener implements ProbeListener, ProbeFeed, SendErrorTally, Overruns {

    private final AtomicLong overruns = new AtomicLong();
    private final AtomicReference<@Nullable Overrun> lastOverrun = new AtomicReference<>();
    private final AtomicLong sendsRefused = new AtomicLong();
    private volatile int lastSendErrno;
    private volatile int lastRefusedTarget;
    private final AtomicBoolean clockStepped = new AtomicBoolean();

    private @Nullable StateWriter writer;
    private @Nullable Engine engine;
    private @Nullable ErrListLog errListLog;
    private @Nullable ZabbixBridge bridge;
    private @Nullable ProbeHistory probes;
    private volatile boolean isIsolationSuspected;
    /** Set once somebody asks for it, from any thread. */
    private volatile @Nullable AddressHistory history;

    @Override
    @AnyThread
    public void history(AddressHistory addressHistory) {
        history = addressHistory;
    }

    public void connect(
            StateWriter stateWriter, Engine probeEngine, ErrListLog log, @Nullable ZabbixBridge zabbixBridge) {
        writer = stateWriter;
        engine = probeEngine;
        errListLog = log;
        bridge = zabbixBridge;
    }

    /** Called once, before the engine starts. */
    void keep(@Nullable ProbeHistory probeHistory) {
        probes = probeHistory;
    }

    @Override
    public void replied(int targetId, int sequence, long rttNanos, long receivedWallNanos, int hopLimit) {
        if (writer != null) {
            writer.replied(targetId);
        }
        if (bridge != null) {
            bridge.replied(targetId, rttNanos, receivedWallNanos, hopLimit);
        }
        AddressHistory asked = history;
        if (asked != null) {
            asked.replied(targetId, rttNanos, receivedWallNanos);
        }
        if (probes != null) {
            probes.replied(targetId, rttNanos);
        }
    }

    @Override
    public void sendFailed(int targetId, int sequence, int errno) {
        lastSendErrno = errno;
        lastRefusedTarget = targetId;
        sendsRefused.lazySet(sendsRefused.get() + 1);
    }

    @Override
    public void lost(int targetId, int sequence, long settledWallNanos) {
        if (writer != null) {
            writer.probeLost(targetId);
        }
        if (bridge != null) {
            bridge.lost(targetId, settledWallNanos);
        }
        AddressHistory asked = history;
        if (asked != null) {
            asked.lost(targetId, settledWallNanos);
        }
        if (probes != null) {
            probes.lost(targetId);
        }
    }

    @Override
    public void invalidated(int targetId, int sequence) {
        if (probes != null) {
            probes.invalidated(targetId);
        }
    }

    @Override
    public void enteredErrList(int targetId, ErrListCause cause) {
        if (writer != null && errListLog != null) {
            writer.errListChanged(targetId);
            errListLog.entered(targetId, cause);
        }
        if (bridge != null) {
            bridge.errListChanged();
        }
    }

    @Override
    public void leftErrList(int targetId) {
        if (writer != null && errListLog != null) {
            writer.errListChanged(targetId);
            errListLog.left(targetId);
        }
        if (bridge != null) {
            bridge.errListChanged();
        }
    }

    @Override
    public void isolationSuspected(boolean isSuspected) {
        if (bridge != null) {
            bridge.isolationSuspected(isSuspected);
        }
        isIsolationSuspected = isSuspected;
    }

    @Override
    @AnyThread
    public boolean isIsolationSuspected() {
        return isIsolationSuspected;
    }

    @Override
    public void isolated(boolean isIsolated, long wallNanos) {
        if (bridge != null) {
            bridge.isolated(isIsolated, wallNanos);
        }
    }

    @Override
    public void reinstated(int targetId) {
        if (bridge != null) {
            bridge.reinstated(targetId);
        }
        AddressHistory asked = history;
        if (asked != null) {
            asked.reinstated(targetId);
        }
    }

    @Override
    public void removed(int targetId) {
        if (writer != null && engine != null) {
            writer.removed(targetId, engine.address(targetId));
        }
        AddressHistory asked = history;
        if (asked != null) {
            asked.removed(targetId);
        }
        if (probes != null) {
            probes.removed(targetId);
        }
    }

    @Override
    public void clockStepped(long stepNanos) {
        clockStepped.set(true);
    }

    @Override
    public void roundOverran(int jobId, int unsent) {
        // In this order: who sees the count grow finds the last one.
        lastOverrun.set(new Overrun(jobId, unsent));
        overruns.incrementAndGet();
    }

    /** Whether the wall clock was stepped since the last call. */
    @AnyThread
    boolean takeClockStep() {
        return clockStepped.getAndSet(false);
    }

    @Override
    @AnyThread
    public @Nullable Overrun takeOverrun() {
        return lastOverrun.getAndSet(null);
    }

    @Override
    @AnyThread
    public long overruns() {
        return overruns.get();
    }

    @Override
    @AnyThread
    public long sendErrors() {
        return sendsRefused.get();
    }

    @Override
    @AnyThread
    public int lastSendErrno() {
        return lastSendErrno;
    }

    @Override
    @AnyThread
    public int lastSendErrorTarget() {
        return lastRefusedTarget;
    }
}
