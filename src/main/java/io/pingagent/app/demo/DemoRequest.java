package io.pingagent.app.demo;

import java.time.Duration;

/**
 * What {@code ping-agent demo} was asked for.
 *
 * @param duration how long to run, {@link Duration#ZERO} until stopped
 * @param targets how many sample addresses, at least 2
 */
public record DemoRequest(Duration duration, int targets) {}
