package io.pingagent.model;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job as its owner wrote it in Redis.
 *
 * @param name the job's name in {@code job-list} or {@code agent-jobs_$agent}
 * @param key the Redis key that holds the definition, for messages
 * @param spec the cron spec, as written
 * @param groups names of the groups whose addresses the job probes
 * @param judging how their replies are judged
 * @param burst how many probes each of them gets in a round
 * @param profile how these differ from those of the configuration
 */
public record Job(
        String name, String key, String spec, List<String> groups, Judging judging, Burst burst, ProbeProfile profile) {

    /** Of last-ms, whatever the spec: TTLs are counted in milliseconds as an int. */
    public static final Duration LONGEST_TTL = Duration.ofSeconds(2_000_000);

    public Job {
        groups = List.copyOf(groups);
    }

    /** All else by default. */
    public Job(String name, String key, String spec, List<String> groups) {
        this(name, key, spec, groups, Judging.DEFAULT, Burst.ONE, ProbeProfile.DEFAULT);
    }

    /**
     * How an address is judged.
     *
     * @param pttlSeconds TTL of last-ms in seconds, or null for the default (2 x longest gap + probe timeout)
     * @param allowedLoss packets a review may lose and still leave the err list, or null for {@code
     *     err-list.recover-loss}
     * @param timeoutNanos how long to wait for a reply, whole milliseconds, or null for {@code probe.timeout}
     */
    public record Judging(
            @Nullable Integer pttlSeconds,
            @Nullable Integer allowedLoss,
            @Nullable Long timeoutNanos) {

        /** As the configuration says. */
        public static final Judging DEFAULT = new Judging(null, null, null);
    }
}
