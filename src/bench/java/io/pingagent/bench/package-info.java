/**
 * The benchmark, the truth bench and the acceptance runs; see {@code src/site/markdown/performance.md}.
 *
 * <p>{@link io.pingagent.bench.Main} runs in a network namespace of its own and measures processes that it starts: JVMs with
 * the product's options, the packaged agent, Redis, fping. What a process spends is read from {@code /proc} by the parent,
 * so that measuring costs the measured nothing.
 */
package io.pingagent.bench;
