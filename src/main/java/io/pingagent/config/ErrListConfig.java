package io.pingagent.config;

/**
 * When the err list is probed, checked and reviewed; who enters and leaves it is the engine's, see
 * {@link ProbeSettings}.
 *
 * @param spec cron spec of the probes of listed addresses
 * @param checkSpec cron spec of the memory check
 * @param reviewSpec cron spec of the review
 */
public record ErrListConfig(String spec, String checkSpec, String reviewSpec) {}
