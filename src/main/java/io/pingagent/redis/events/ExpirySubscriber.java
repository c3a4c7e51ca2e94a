package io.pingagent.redis.events;

import io.pingagent.base.AnyThread;
import io.pingagent.base.Backoff;
import io.pingagent.base.FoldedMessages;
import io.pingagent.base.OwnedBy;
import io.pingagent.base.SayOnce;
import io.pingagent.base.Utf8;
import io.pingagent.base.Worker;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import io.pingagent.redis.NotifyFlags;
import io.pingagent.redis.RedisConnection;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisUnreachableException;
import io.pingagent.redis.ServerFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Hears from Redis which keys expired, and which jobs, groups and err list entries users changed.
 *
 * <p>The thread ping-expiry owns the connection. It subscribes to these:
 *
 * <ul>
 *   <li>Expired keys of the database.
 *   <li>The few keys of the catalogue, by name.
 *   <li>Jobs, groups and own job definitions, by pattern.
 * </ul>
 *
 * <p>No name or pattern matches the last-ms keys, so the agent's own writes do not come back. What that leaves out, a
 * poll finds ({@link CataloguePoll}). A connection without any message is asked with a {@code PING}, and given up if
 * nothing comes then either. After every (re)connect the server's notification flags are looked at again.
 */
public final class ExpirySubscriber implements AutoCloseable {

    /** Called on ping-expiry; must not wait. Events of a burst are not folded. */
    public interface Events {

        /** The last-ms key (or the earlier layout's key) of this agent for the address expired. */
        void expired(IpAddress address);

        /** A job, a group, or a list of them changed, perhaps some seconds ago, and perhaps reported twice: its key. */
        void catalogueChanged(String key);

        /** Somebody took members out of a set of the catalogue, one by one; {@link #catalogueChanged} follows. */
        default void membersRemoved(String key) {}

        /** The set of the err list changed, perhaps by this agent itself. */
        void errListEdited();

        /** The subscription is there again after a loss: events may have been missed. */
        default void resubscribed() {}
    }

    public enum State {
        /** Events come. */
        SUBSCRIBED,
        /** Connected, but the server does not announce what is needed and may not be configured to. */
        NOT_PERMITTED,
        DISCONNECTED
    }

    private static final Logger LOG = LogManager.getLogger(ExpirySubscriber.class);

    /** How long a read waits for a message. */
    private static final int IDLE_MILLIS = 1_000;

    private static final int IDLES_UNTIL_PING = 5;
    private static final int IDLES_UNTIL_DEAD = 10;
    private static final int HANDSHAKE_MILLIS = 5_000;
    private static final long POLL_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** Also the longest that this connection may stay with a master that became a replica. */
    private static final long LONGEST_POLL_GAP_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long FAILED_CHECK_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long SELF_TEST_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long FIRST_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long MAX_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** Of the same error. */
    private static final long REPEAT_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final RedisConnector connector;
    private final RedisKeys keys;
    private final Events events;
    private final Worker worker = Worker.named("ping-expiry")
            .onFailure(this::lost)
            .lastly(this::ended)
            .work(this::turn);
    private final String expiredChannel;
    private final String keyspacePrefix;
    private final FoldedMessages errors = new FoldedMessages(LOG::warn, REPEAT_NANOS);
    private final CataloguePoll poll;
    private final Backoff backoff = new Backoff(FIRST_BACKOFF_NANOS, MAX_BACKOFF_NANOS);

    private final AtomicLong reconnects = new AtomicLong();
    private volatile State state = State.DISCONNECTED;
    private volatile @Nullable String lastError;
    private volatile @Nullable String checkError;
    private volatile @Nullable RedisConnection connection;

    // Of ping-expiry alone.
    private boolean everSubscribed;
    private final SayOnce loss = new SayOnce();
    private final SayOnce notPermitted = new SayOnce();
    private long checkDueNanos;
    private long pollDueNanos;
    private boolean selfTesting;
    private boolean selfTestExpired;
    private boolean selfTestChanged;
    private long selfTestEndNanos;

    public ExpirySubscriber(RedisConnector connector, RedisKeys keys, Events events) {
        this.connector = connector;
        this.keys = keys;
        this.events = events;
        this.poll = new CataloguePoll(connector, keys);
        int database = connector.settings().database();
        this.expiredChannel = "__keyevent@" + database + "__:expired";
        this.keyspacePrefix = "__keyspace@" + database + "__:";
    }

    /** Starts ping-expiry, which waits for Redis if need be. Once only. */
    public void start() {
        worker.start();
    }

    @AnyThread
    public State state() {
        return state;
    }

    /** Why it is not subscribed; null if it is. */
    @AnyThread
    @Nullable
    String lastError() {
        return lastError;
    }

    /** What keeps it from hearing events, and what keeps new connections from being made. */
    @AnyThread
    public List<Problem> problems() {
        String ofSubscription = lastError;
        String ofCheck = checkError;
        List<Problem> problems = new ArrayList<>();
        if (ofSubscription != null) {
            problems.add(connector.problem(ofSubscription));
        }
        if (ofCheck != null && !ofCheck.equals(ofSubscription)) {
            problems.add(connector.problem(ofCheck));
        }
        return problems;
    }

    /** Times the subscription was made again after a loss. */
    long reconnects() {
        return reconnects.get();
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(2));
    }

    /** Ends ping-expiry. */
    public void close(Duration deadline) {
        worker.stop();
        RedisConnection current = connection;
        if (current != null) {
            current.abort();
        }
        worker.join(deadline);
    }

    /** Subscribes and listens, until the connection is lost or the worker is to stop. */
    @OwnedBy("ping-expiry")
    private long turn() {
        RedisConnection made = connector.openConnection("expiry", HANDSHAKE_MILLIS);
        connection = made;
        if (worker.isStopping()) {
            made.abort();
        }
        Jedis jedis = new Jedis(made);
        if (ServerFacts.ask(jedis).readOnly()) {
            throw connector.readOnly();
        }
        NotifyFlags.Outcome flags = NotifyFlags.ensure(jedis);
        subscribe(made);
        subscribed(flags);
        listen(made);
        return 0;
    }

    private void ended() {
        poll.close();
        state = State.DISCONNECTED;
    }

    /** @throws JedisDataException if the user may not use these channels */
    private void subscribe(RedisConnection to) {
        byte[][] channels = {
            Utf8.bytes(expiredChannel),
            channel(RedisKeys.JOB_LIST),
            channel(RedisKeys.GROUP_LIST),
            channel(RedisKeys.GROUPS_LIST),
            channel(keys.agentJobs()),
            channel(keys.errList()),
            channel(keys.notifyCheck())
        };
        byte[][] patterns = {
            channel(RedisKeys.JOB_PREFIX + '*'),
            channel(RedisKeys.GROUP_PREFIX + '*'),
            channel(RedisKeys.escapeGlob(keys.agentJobPrefix()) + '*')
        };
        to.sendNow(Protocol.Command.SUBSCRIBE, channels);
        to.sendNow(Protocol.Command.PSUBSCRIBE, patterns);
        for (int confirmed = 0; confirmed < channels.length + patterns.length; ) {
            Object reply = to.getUnflushedObject();
            if (reply instanceof List<?> message
                    && message.size() == 3
                    && text(message, 0).endsWith("subscribe")) {
                confirmed++;
            } else {
                handle(reply);
            }
        }
    }

    private void subscribed(NotifyFlags.Outcome flags) {
        backoff.reset();
        if (everSubscribed) {
            reconnects.getAndIncrement();
            LOG.info("subscribed again to the events of Redis at {}", connector.server());
        }
        loss.ends();
        judge(flags);
        checkDueNanos = System.nanoTime() + CHECK_NANOS;
        pollDueNanos = System.nanoTime();
        boolean again = everSubscribed;
        everSubscribed = true;
        if (again) {
            safely(events::resubscribed);
        }
    }

    private void judge(NotifyFlags.Outcome flags) {
        switch (flags) {
            case SET -> permitted();
            case MISSING -> notPermitted("CONFIG SET is not permitted");
            case UNKNOWN -> selfTest();
        }
    }

    private void listen(RedisConnection from) {
        from.setSoTimeout(IDLE_MILLIS);
        int idles = 0;
        while (!worker.isStopping()) {
            Object message = from.readWhenIdle();
            if (message != RedisConnection.IDLE) {
                idles = 0;
                handle(message);
            } else if (++idles == IDLES_UNTIL_DEAD) {
                throw new JedisConnectionException("no answer for " + IDLES_UNTIL_DEAD * IDLE_MILLIS / 1_000 + " s");
            } else if (idles == IDLES_UNTIL_PING) {
                from.sendNow(Protocol.Command.PING);
            }
            long nowNanos = System.nanoTime();
            if (selfTesting && nowNanos - selfTestEndNanos >= 0) {
                selfTesting = false;
                notPermitted("the flags cannot be read, and a key that expired was not announced");
            }
            if (nowNanos - checkDueNanos >= 0) {
                checkDueNanos = nowNanos + CHECK_NANOS;
                check();
            }
            if (nowNanos - pollDueNanos >= 0) {
                poll(nowNanos);
            }
        }
    }

    /**
     * The gap after a poll. Polls that read something take at most a fiftieth of the time, however many jobs there are.
     * Polls that fail take at most a sixth. The limit holds for both.
     */
    static long pollGapNanos(long durationNanos, boolean isRead) {
        long wantedNanos = (isRead ? 50 : 5) * durationNanos;
        return Math.min(LONGEST_POLL_GAP_NANOS, Math.max(POLL_NANOS, wantedNanos));
    }

    private void poll(long startNanos) {
        boolean isRead = false;
        try {
            for (String key : poll.changed()) {
                safely(() -> events.catalogueChanged(key));
            }
            isRead = true;
        } catch (RedisUnreachableException | JedisException e) {
            errors.add(
                    "jobs and groups are not watched, edits are seen at the next reload: " + RedisConnector.reason(e),
                    startNanos);
        }
        if (poll.isReadOnly()) {
            // After a failover the connection to the old master lives on, where nothing is written any more.
            throw connector.readOnly();
        }
        long endNanos = System.nanoTime();
        pollDueNanos = endNanos + pollGapNanos(endNanos - startNanos, isRead);
    }

    /** Somebody may have changed the flags since: on a connection of its own, as this one only takes messages. */
    private void check() {
        try (Jedis jedis = connector.open("expiry-check")) {
            NotifyFlags.Outcome flags = NotifyFlags.ensure(jedis);
            if (flags != NotifyFlags.Outcome.UNKNOWN || state == State.NOT_PERMITTED) {
                judge(flags);
            }
            checkError = null;
        } catch (RedisUnreachableException | JedisException e) {
            checkError = connector.explain(e, "checking the notification flags of");
            checkDueNanos = System.nanoTime() + FAILED_CHECK_NANOS;
        }
    }

    /** Lets a key expire and waits for the announcement, where the server does not show its flags. */
    private void selfTest() {
        byte[] key = Utf8.bytes(keys.notifyCheck());
        try (Jedis jedis = connector.open("expiry-check")) {
            selfTestExpired = false;
            selfTestChanged = false;
            jedis.sadd(key, Utf8.bytes("1"));
            jedis.pexpire(key, 1);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            jedis.exists(key);
            selfTesting = true;
            selfTestEndNanos = System.nanoTime() + SELF_TEST_NANOS;
        } catch (RedisUnreachableException | JedisException e) {
            notPermitted("the flags cannot be read: " + RedisConnector.reason(e));
        }
    }

    private void permitted() {
        if (notPermitted.ends()) {
            LOG.info("Redis at {} announces expired and changed keys now", connector.server());
        }
        selfTesting = false;
        lastError = null;
        state = State.SUBSCRIBED;
    }

    private void notPermitted(String why) {
        state = State.NOT_PERMITTED;
        String message = "Redis at " + connector.server() + " does not announce expired or changed keys (" + why
                + "), so the err list rests on the memory check alone; put 'notify-keyspace-events "
                + NotifyFlags.NEEDED
                + "' into redis.conf";
        lastError = message;
        if (notPermitted.begins()) {
            LOG.warn(message);
        }
    }

    private void handle(@Nullable Object reply) {
        if (!(reply instanceof List<?> message) || message.size() < 3) {
            return;
        }
        String kind = text(message, 0);
        boolean byPattern = kind.equals("pmessage") && message.size() == 4;
        if (!byPattern && !kind.equals("message")) {
            return;
        }
        String channel = text(message, byPattern ? 2 : 1);
        if (channel.equals(expiredChannel)) {
            keyExpired(text(message, 2));
        } else if (channel.startsWith(keyspacePrefix)) {
            keyChanged(channel.substring(keyspacePrefix.length()), text(message, byPattern ? 3 : 2));
        }
    }

    private void keyExpired(String key) {
        IpAddress address = keys.addressOfExpired(key);
        if (address != null) {
            safely(() -> events.expired(address));
        } else if (key.equals(keys.notifyCheck())) {
            selfTestExpired = true;
            selfTestSeen();
        }
    }

    private void keyChanged(String key, String event) {
        if (key.equals(keys.errList())) {
            safely(events::errListEdited);
        } else if (key.equals(keys.notifyCheck())) {
            selfTestChanged = true;
            selfTestSeen();
        } else {
            if (event.equals("srem") || event.equals("spop")) {
                safely(() -> events.membersRemoved(key));
            }
            safely(() -> events.catalogueChanged(key));
        }
    }

    private void selfTestSeen() {
        if (selfTestExpired && selfTestChanged) {
            permitted();
        }
    }

    private void safely(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException e) {
            errors.add("an event of Redis was not handled: " + e, System.nanoTime());
            LOG.debug("an event of Redis was not handled", e);
        }
    }

    /** @return how long to wait before the next attempt */
    @OwnedBy("ping-expiry")
    private long lost(RuntimeException failure) {
        RedisConnection current = connection;
        connection = null;
        if (current != null) {
            current.abort();
        }
        poll.close();
        selfTesting = false;
        checkError = null;
        boolean refused = failure instanceof JedisDataException;
        state = refused ? State.NOT_PERMITTED : State.DISCONNECTED;
        String message = describe(failure);
        lastError = message;
        if (worker.isStopping()) {
            return 0;
        }
        if (loss.begins()) {
            LOG.warn("{}; until then the err list rests on the memory check", message);
        }
        return backoff.nextNanos();
    }

    private String describe(RuntimeException failure) {
        if (failure instanceof JedisDataException) {
            return "Redis at " + connector.server() + " refuses the subscription: " + RedisConnector.reason(failure)
                    + "; allow its channels with ACL SETUSER ... allchannels, or each by name as security.md shows";
        }
        return connector.explain(failure, "listening to");
    }

    private byte[] channel(String key) {
        return Utf8.bytes(keyspacePrefix + key);
    }

    private static String text(List<?> message, int index) {
        return message.get(index) instanceof byte[] bytes ? Utf8.text(bytes) : "";
    }
}
