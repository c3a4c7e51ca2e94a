package io.pingagent.zabbix;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * When one discovery list is sent: at once at the start, soon after a change, and every interval. Owned by
 * {@code ping-zabbix-send}.
 */
final class Discovery {

    private static final Logger LOG = LogManager.getLogger(Discovery.class);

    /** A reload changes many targets one after the other. */
    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** Where changes never end, the list goes out all the same. */
    private static final long MAX_SETTLE_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** A change costs the server seconds for thousands of items. */
    private static final long MIN_GAP_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long FIRST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long MAX_RETRY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String host;
    private final String key;
    private final Supplier<String> list;
    private final LongSupplier version;
    private final LongSupplier wallNanos;
    private final long intervalNanos;

    private boolean everSent;
    private long sentNanos;
    private long sentVersion;
    private @Nullable String sentText;
    private long firstChangeNanos;
    private long changedNanos;
    private long changedVersion;
    private long retryNanos;
    private long notBeforeNanos;

    /**
     * @param list makes the document
     * @param version another number after every change of the list
     * @param wallNanos Unix nanoseconds
     */
    Discovery(
            String host,
            String key,
            Supplier<String> list,
            LongSupplier version,
            LongSupplier wallNanos,
            long intervalNanos) {
        this.host = host;
        this.key = key;
        this.list = list;
        this.version = version;
        this.wallNanos = wallNanos;
        this.intervalNanos = intervalNanos;
    }

    private boolean due(long nowNanos) {
        if (retryNanos > 0) {
            return nowNanos - notBeforeNanos >= 0;
        }
        if (!everSent || nowNanos - sentNanos >= intervalNanos) {
            return true;
        }
        long current = version.getAsLong();
        if (current == sentVersion) {
            return false;
        }
        if (current != changedVersion) {
            if (changedVersion == sentVersion) {
                firstChangeNanos = nowNanos;
            }
            changedVersion = current;
            changedNanos = nowNanos;
        }
        boolean settled = nowNanos - changedNanos >= SETTLE_NANOS || nowNanos - firstChangeNanos >= MAX_SETTLE_NANOS;
        return settled && nowNanos - sentNanos >= MIN_GAP_NANOS;
    }

    /**
     * Sends the list if it is time.
     *
     * @return whether the server took a list that it had not had before
     * @throws ServerAwayException if no server answered; the list is due then
     */
    boolean sendIfDue(SenderClient client, long nowNanos) throws ServerAwayException {
        if (!due(nowNanos)) {
            return false;
        }
        long current = version.getAsLong();
        String text = list.get();
        boolean changed = !text.equals(sentText);
        if (!changed && everSent && retryNanos == 0 && nowNanos - sentNanos < intervalNanos) {
            // It went back to what it was.
            sentVersion = current;
            changedVersion = current;
            return false;
        }
        boolean taken = client.send(List.of(ZabbixValue.at(host, key, text, wallNanos.getAsLong())))
                        .failed()
                == 0;
        if (!taken) {
            if (retryNanos == 0) {
                LOG.warn(
                        "the Zabbix server does not take {} of host {}: is the host there, enabled, linked to the"
                                + " template, and allowed this kind of connection?",
                        key,
                        host);
            }
            retryNanos = retryNanos == 0 ? FIRST_RETRY_NANOS : Math.min(MAX_RETRY_NANOS, 2 * retryNanos);
            notBeforeNanos = nowNanos + retryNanos;
            return false;
        }
        if (retryNanos > 0) {
            LOG.info("the Zabbix server takes {} of host {} now", key, host);
        }
        retryNanos = 0;
        everSent = true;
        sentNanos = nowNanos;
        sentVersion = current;
        changedVersion = current;
        sentText = text;
        return changed;
    }
}
