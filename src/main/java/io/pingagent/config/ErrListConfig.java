package io.pingagent.config;

/**
 * When an address enters and leaves the err list.
 *
 * @param enterAfter consecutive losses that put an address on the list, 1 to 1000
 * @param spec cron spec of the probes of listed addresses
 * @param checkSpec cron spec of the memory check
 * @param reviewSpec cron spec of the review
 * @param recoverLossPercent a listed address leaves when its loss is below this, above 0 up to 100
 */
public record ErrListConfig(
        int enterAfter, String spec, String checkSpec, String reviewSpec, double recoverLossPercent) {}
