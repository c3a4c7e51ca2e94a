package io.pingagent.config;

import java.time.ZoneId;

/**
 * How jobs are read.
 *
 * @param timeZone in which the fields of cron specs are meant, also those of the err list
 */
public record JobsConfig(ZoneId timeZone) {}
