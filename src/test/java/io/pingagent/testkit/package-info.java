/**
 * What integration tests need around the agent: a Redis server, network namespaces, a responder on a TUN device that
 * can delay, lose and spoil replies, and {@link io.pingagent.testkit.Requires} to skip what a machine cannot do.
 */
@NullMarked
package io.pingagent.testkit;

import org.jspecify.annotations.NullMarked;
