package io.pingagent.agent.report;

import io.pingagent.model.PublishedCounter;
import io.pingagent.probe.Counter;
import io.pingagent.probe.Counters;
import io.pingagent.probe.Engine;

/** The counters at one moment, or what they have grown by between two. Immutable. */
final class CounterReadings {

    private static final PublishedCounter[] ALL = PublishedCounter.values();

    private final long atNanos;
    private final long[] counts;

    private CounterReadings(long atNanos, long[] counts) {
        this.atNanos = atNanos;
        this.counts = counts;
    }

    /** @param nowNanos monotonic time */
    static CounterReadings of(Engine engine, long nowNanos) {
        long[] counts = new long[ALL.length];
        for (PublishedCounter counter : ALL) {
            counts[counter.ordinal()] = read(engine, counter);
        }
        return new CounterReadings(nowNanos, counts);
    }

    /** @param counts by the ordinal of each counter */
    static CounterReadings of(long nowNanos, long... counts) {
        return new CounterReadings(nowNanos, counts.clone());
    }

    private static long read(Engine engine, PublishedCounter counter) {
        Counters counters = engine.counters();
        return switch (counter) {
            case SENT -> counters.get(Counter.SENT);
            case SEND_ERRORS -> counters.get(Counter.SEND_ERROR);
            case SEND_DEFERRED -> counters.get(Counter.SEND_DEFERRED);
            case SEND_OMITTED -> counters.get(Counter.SEND_OMITTED);
            case SEND_HELD -> counters.get(Counter.SEND_HELD);
            case RECEIVED -> counters.get(Counter.RECEIVED);
            case LOST -> counters.get(Counter.LOST);
            case INVALIDATED -> counters.get(Counter.INVALIDATED);
            case CUT_OFF -> counters.get(Counter.CUT_OFF);
            case LATE -> counters.get(Counter.LATE);
            case DUPLICATES -> counters.get(Counter.DUPLICATE);
            case UNREACHABLE -> counters.get(Counter.UNREACHABLE);
            case UNPROVEN_ERRORS -> counters.get(Counter.UNPROVEN_ERROR);
            case KERNEL_DROPS -> engine.kernelDrops();
            case OVERRUNS -> counters.get(Counter.OVERRUN);
            case SENT_LATE -> counters.get(Counter.SENT_LATE);
            case CLOCK_STEPS -> counters.get(Counter.CLOCK_STEP);
            case RECEIVER_STALLS -> counters.get(Counter.RECEIVER_STALL);
            case MACHINE_SLEEPS -> counters.get(Counter.MACHINE_SLEEP);
        };
    }

    CounterReadings since(CounterReadings earlier) {
        long[] growth = new long[counts.length];
        for (int i = 0; i < growth.length; i++) {
            growth[i] = counts[i] - earlier.counts[i];
        }
        return new CounterReadings(atNanos - earlier.atNanos, growth);
    }

    /** Monotonic time of the moment, or the time between the two. */
    long atNanos() {
        return atNanos;
    }

    long get(PublishedCounter counter) {
        return counts[counter.ordinal()];
    }
}
