package io.pingagent.probe.stamp;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import io.pingagent.icmp.IcmpSocket;
import io.pingagent.model.TransmitStamps;
import java.util.function.IntConsumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Decides which probes the kernel stamps as it transmits them. A stamp costs some microseconds of processor time, so at
 * high rates there is only a sample.
 */
@OwnedBy("ping-send")
public final class TransmitStamping {

    /** Sample above the moderate rates: a prime, so that it does not fall in step with rounds or slices. */
    public static final int ONE_IN = 61;

    private static final Logger LOG = LogManager.getLogger(TransmitStamping.class);

    /** A stamp costs about 2 µs of processor time: up to this rate two percent of a core. */
    private static final int EACH_BELOW_PER_SECOND = 10_000;
    /** So much higher that a rate near the limit does not switch to and fro. */
    private static final int SAMPLE_ABOVE_PER_SECOND = 12_000;

    private final TransmitStamps mode;
    private final @Nullable IcmpSocket v4;
    private final @Nullable IcmpSocket v6;
    private volatile int every;
    private boolean isMissingLogged;
    private IntConsumer more = newEvery -> {};

    public TransmitStamping(TransmitStamps mode, @Nullable IcmpSocket v4, @Nullable IcmpSocket v6) {
        this.mode = mode;
        this.v4 = v4;
        this.v6 = v6;
        every(mode == TransmitStamps.OFF ? 0 : 1);
    }

    /** Further sockets do what {@code stampEvery} hears, now and after each change. */
    public void forMore(IntConsumer stampEvery) {
        more = stampEvery;
        stampEvery.accept(every);
    }

    /** To be called about once a second with the number of probes that went out in it. */
    public void rate(long perSecond) {
        if (mode == TransmitStamps.AUTO) {
            if (perSecond > SAMPLE_ABOVE_PER_SECOND && every != ONE_IN) {
                every(ONE_IN);
            } else if (perSecond < EACH_BELOW_PER_SECOND && every != 1) {
                every(1);
            }
        }
        if (mode != TransmitStamps.OFF && !isMissingLogged && (cannotStamp(v4) || cannotStamp(v6))) {
            isMissingLogged = true;
            LOG.info("This kernel or sandbox does not stamp packets as it sends them (SO_TIMESTAMPING)."
                    + " Round-trip times begin at the agent's own stamps, some microseconds earlier");
        }
    }

    private static boolean cannotStamp(@Nullable IcmpSocket socket) {
        return socket != null && !socket.canStampTransmits();
    }

    private void every(int newEvery) {
        every = newEvery;
        if (v4 != null) {
            v4.transmitStamps(newEvery);
        }
        if (v6 != null) {
            v6.transmitStamps(newEvery);
        }
        more.accept(newEvery);
    }

    /** One probe in so many is stamped; 0 if none ever is. */
    @AnyThread
    int every() {
        return every;
    }
}
