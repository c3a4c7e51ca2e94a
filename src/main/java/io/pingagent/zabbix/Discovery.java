package io.pingagent.zabbix;

import io.pingagent.base.AnyThread;
import io.pingagent.base.Backoff;
import io.pingagent.base.OwnedBy;
import io.pingagent.model.Problem;
import io.pingagent.zabbix.sender.ListDocument;
import io.pingagent.zabbix.sender.PacketEncoder;
import io.pingagent.zabbix.sender.PacketEncoder.ListPacket;
import io.pingagent.zabbix.sender.SenderClient;
import io.pingagent.zabbix.sender.ServerUnreachableException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * When one discovery list is sent: at once at the start, soon after a change, and every interval. What becomes of a
 * list is the list's own matter: values go out meanwhile.
 */
@OwnedBy("ping-zabbix-send")
final class Discovery {

    private static final Logger LOG = LogManager.getLogger(Discovery.class);

    /** A reload changes many targets one after the other. */
    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** Where changes never end, the list goes out nevertheless. */
    private static final long MAX_SETTLE_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** A change costs the server seconds for thousands of items. */
    private static final long MIN_GAP_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final int LARGE_BYTES = 1 << 20;

    /** Why a list is due again. */
    enum Failure {
        /** A server does not know the rule or the host. */
        REFUSED(5, 60),
        /** It could not be made, or is too long. */
        NOT_MADE(5, 60),
        /** No server answered. */
        UNREACHABLE(1, 10),
        /** No server answered; making and sending it again costs something. */
        UNREACHABLE_LARGE(60, 900);

        private final long firstRetryNanos;
        private final long maxRetryNanos;

        Failure(long firstRetrySeconds, long maxRetrySeconds) {
            firstRetryNanos = TimeUnit.SECONDS.toNanos(firstRetrySeconds);
            maxRetryNanos = TimeUnit.SECONDS.toNanos(maxRetrySeconds);
        }

        Backoff backoff() {
            return new Backoff(firstRetryNanos, maxRetryNanos);
        }
    }

    private final String host;
    private final String key;
    private final ListDocument list;
    private final LongSupplier version;
    private final LongSupplier wallNanos;
    private final long intervalNanos;

    private boolean everSent;
    private long sentNanos;
    private long sentVersion;
    private byte[] sentDigest = {};
    private long firstChangeNanos;
    private long changedNanos;
    private long changedVersion;
    private @Nullable Failure failure;
    private Backoff backoff = Failure.REFUSED.backoff();
    private long notBeforeNanos;

    private volatile @Nullable Problem problem;

    /**
     * @param list the document
     * @param version another number after every change of the list
     * @param wallNanos Unix nanoseconds
     */
    Discovery(
            String host,
            String key,
            ListDocument list,
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

    /**
     * What is wrong with this list, and the names in it that Zabbix cannot take. That no server answers is among it,
     * too: where nothing else gets through either, that is one cause with it.
     */
    @AnyThread
    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>(list.problems());
        Problem now = problem;
        if (now != null) {
            problems.add(0, now);
        }
        return problems;
    }

    private boolean due(long nowNanos, long current) {
        if (failure != null) {
            return nowNanos - notBeforeNanos >= 0;
        }
        if (!everSent || nowNanos - sentNanos >= intervalNanos) {
            return true;
        }
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
     * Sends the list if it is time. Whatever fails is noted, and tried again later.
     *
     * @return whether the server took a list that it had not had before
     */
    boolean sendIfDue(SenderClient client, long nowNanos) {
        try {
            long current = version.getAsLong();
            return due(nowNanos, current) && send(client, nowNanos, current);
        } catch (IOException | RuntimeException e) {
            if (failure != Failure.NOT_MADE) {
                LOG.error("the list {} of Zabbix host {} could not be made", key, host, e);
            }
            failed(
                    Failure.NOT_MADE,
                    nowNanos,
                    "it could not be made: " + reason(e),
                    "bridge fewer addresses (zabbix.groups)");
            return false;
        }
    }

    private boolean send(SenderClient client, long nowNanos, long current) throws IOException {
        ListPacket packet = PacketEncoder.encodeList(host, key, list, wallNanos.getAsLong());
        boolean changed = !Arrays.equals(packet.digest(), sentDigest);
        if (!changed && everSent && failure == null && nowNanos - sentNanos < intervalNanos) {
            // It went back to what it was.
            sentVersion = current;
            changedVersion = current;
            return false;
        }
        boolean taken;
        try {
            taken = client.sendList(host, key, packet.frame()).failed() == 0;
        } catch (ServerUnreachableException e) {
            unreachable(e, packet.frame().length, nowNanos);
            return false;
        }
        if (!taken) {
            refused(nowNanos);
            return false;
        }
        if (failure != null) {
            LOG.info("the Zabbix server takes {} of host {} now", key, host);
        }
        failure = null;
        problem = null;
        everSent = true;
        sentNanos = nowNanos;
        sentVersion = current;
        changedVersion = current;
        sentDigest = packet.digest();
        return changed;
    }

    private void unreachable(ServerUnreachableException e, int frameBytes, long nowNanos) {
        boolean large = frameBytes >= LARGE_BYTES;
        failed(
                large ? Failure.UNREACHABLE_LARGE : Failure.UNREACHABLE,
                nowNanos,
                "it was not taken, with " + Math.max(1, frameBytes >> 10) + " KiB: " + reason(e),
                large
                        ? "if values are taken, look whether server, proxy or what is between them limits the length of"
                                + " packets; or bridge fewer addresses (zabbix.groups)"
                        : "look whether the server runs and is reached");
    }

    private void refused(long nowNanos) {
        if (failure != Failure.REFUSED) {
            LOG.warn(
                    "the Zabbix server does not take {} of host {}: is the host there, enabled, linked to the"
                            + " template, and allowed this kind of connection?",
                    key,
                    host);
        }
        failed(
                Failure.REFUSED,
                nowNanos,
                "the server does not take it, so new addresses do not appear in Zabbix",
                "look whether the host is there, enabled, linked to the template and allowed this kind of connection");
    }

    private void failed(Failure now, long nowNanos, String what, String remedy) {
        if (failure != now) {
            backoff = now.backoff();
        }
        failure = now;
        notBeforeNanos = nowNanos + backoff.nextNanos();
        problem = new Problem("list " + key + " of Zabbix host " + host, what, remedy);
    }

    private static String reason(Exception e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }
}
