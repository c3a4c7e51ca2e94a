package io.pingagent.zabbix.delivery;

import io.pingagent.base.OwnedBy;
import io.pingagent.base.TokenBucket;

/**
 * How fast a backlog may go out. A server puts values into its history cache at once and into the database at some
 * 30,000 to 60,000 per second. If the cache is full, it takes no more values from anybody until there is room. Our
 * backlog would keep everybody else's values waiting, and triggers with them. So as many values as the smallest usual
 * cache surely holds may go as fast as the server answers. What is more than that goes at the rate that the server can
 * drain.
 *
 * <p>A bucket of tokens, one per value: full at first, filled at the given rate, and by one for every value that is
 * made meanwhile. What is measured now is therefore never slowed down, however much it is.
 */
@OwnedBy("ping-zabbix-send")
public final class BacklogLimiter {

    /** The default cache, HistoryCacheSize=16M, takes more than 200,000 numbers. */
    static final int BURST = 100_000;

    private final TokenBucket tokens;
    private long filledNanos;
    private long made;
    private boolean started;

    /** @param perSecond at least 1 */
    public BacklogLimiter(int perSecond) {
        long costNanos = TokenBucket.costNanos(perSecond);
        tokens = new TokenBucket(costNanos, BURST * costNanos, BURST * costNanos);
    }

    /**
     * After a sending.
     *
     * @param sent how many values
     * @param madeEver values that were made since the start
     * @return how long to wait before the next
     */
    public long pauseNanos(int sent, long madeEver, long nowNanos) {
        if (!started) {
            started = true;
            filledNanos = nowNanos;
            made = madeEver;
        }
        tokens.fill(nowNanos - filledNanos);
        tokens.add(madeEver - made);
        tokens.take(sent);
        filledNanos = nowNanos;
        made = madeEver;
        return tokens.debtNanos();
    }
}
