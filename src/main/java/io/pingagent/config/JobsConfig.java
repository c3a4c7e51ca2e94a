package io.pingagent.config;

import java.time.Duration;
import java.time.ZoneId;

/**
 * How jobs are read.
 *
 * @param timeZone in which the fields of cron specs are meant, also those of the err list
 * @param reloadInterval between two readings of jobs and groups, 1 s to 1 d
 */
public record JobsConfig(ZoneId timeZone, Duration reloadInterval) {}
