/**
 * Stamps of time in and around a packet, so that a round-trip time is the network's and not this machine's.
 *
 * <h2>What a stamp is</h2>
 *
 * <p>Four times belong to one probe and its reply:
 *
 * <ol>
 *   <li><em>Send stamp.</em> Two clocks, read just before the packet is handed to the kernel: the wall clock, and the
 *       monotonic clock modulo 4.9 h. The packet carries both. {@link io.pingagent.probe.stamp.WallOffset} makes the
 *       first of the second, so a packet costs one reading.
 *   <li><em>Transmit stamp.</em> The kernel's wall clock as it hands the packet to the driver (SO_TIMESTAMPING). It
 *       comes back by the socket's error queue.
 *   <li><em>Queue stamp.</em> The same as the packet enters the queue of its device. Only for paths on which a transmit
 *       stamp was late by 50 ms or more, and 10,000 a second at most, see
 *       {@link io.pingagent.probe.stamp.QueueStampBudget}.
 *   <li><em>Receive stamp.</em> The kernel's wall clock as the reply arrives (SO_TIMESTAMPING or SO_TIMESTAMPNS). How
 *       long a reply waits in the socket changes nothing.
 * </ol>
 *
 * <p>RTT = receive stamp - send stamp - transmit delay, where the delay is transmit stamp - send stamp.
 *
 * <h2>Why it costs</h2>
 *
 * <p>Each transmit stamp is a packet of its own to read, about 2 µs of processor time. So
 * {@link io.pingagent.probe.stamp.TransmitStamping} asks for each one only below 10,000 probes a second, and for one in
 * 61 above 12,000. A probe without a transmit stamp has the median delay of the newest 63 of its IP version and kind
 * taken off. There are two kinds, after a rest and within a run, see {@link io.pingagent.probe.stamp.TransmitDelays}.
 *
 * <p>Under a lasting backlog packets go to the kernel in batches, which costs less than a call for each. The whole
 * batch is stamped before the first packet leaves, so {@link io.pingagent.probe.stamp.BatchSchedule} predicts when each
 * one will.
 *
 * <h2>What is corrected, and how far</h2>
 *
 * <ul>
 *   <li>A probe with its own transmit stamp: exact to 64 ns (the unit in which delays are kept) and the resolution of
 *       the kernel's clock.
 *   <li>A probe with the usual delay: off by how much its own delay differs from the median. That is some microseconds,
 *       and more only if the sender loses the processor between stamp and call.
 *   <li>A probe in a batch: off by how much the prediction fails. The prediction is the lower quartile of 15 batches,
 *       since a time too long is better than one below the true one.
 *   <li>Without transmit stamps (OFF, an old kernel, a sandbox): the whole delay is in the time. It is 3 µs to 8 µs in
 *       the median, as measured on loopback.
 *   <li>A step of the wall clock while the probe is under way, or a missing receive stamp. The arrival is then taken on
 *       the monotonic clock, see {@link io.pingagent.probe.stamp.RoundTripTimes}. The time is too long by what the
 *       reply waited in the socket, if it is not stamped at all.
 *   <li>Steps below 100 µs look like the jitter of reading two clocks. They go into the times in full.
 * </ul>
 *
 * <p>Entered by {@code probe}.
 */
@NullMarked
package io.pingagent.probe.stamp;

import org.jspecify.annotations.NullMarked;
