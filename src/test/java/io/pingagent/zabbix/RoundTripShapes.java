package io.pingagent.zabbix;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * Round-trip times as networks have them: windows of recorded runs, and shapes that are published of long measurements.
 * The same seed makes the same samples.
 */
final class RoundTripShapes {

    private static final int KINDS = 10;
    private static final double MS = 1e6;

    private final Random random;
    private final List<long[]> recorded = recorded();

    RoundTripShapes(long seed) {
        this.random = new Random(seed);
    }

    private static List<long[]> recorded() {
        try (InputStream in = Objects.requireNonNull(
                RoundTripShapes.class.getResourceAsStream("recorded-round-trips.txt"), "recorded-round-trips.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> Arrays.stream(line.split(" "))
                            .skip(1)
                            .mapToLong(Long::parseLong)
                            .toArray())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The samples of an interval, in the order in which they came; kinds take turns. */
    long[] next(int number) {
        int count = random.nextInt(10) == 0 ? 1 + random.nextInt(5) : 6 + random.nextInt(295);
        return switch (number % KINDS) {
            case 0, 1 -> window(count);
            case 2 -> mixOfTwo(count);
            // Heavy load: thousands of samples in an interval.
            case 3 -> number % 100 == 3 ? logNormal(3_600 + random.nextInt(20_000), 0.8) : logNormal(count, 0.2);
            case 4 -> logNormal(count, 1.2);
            case 5 -> bimodal(count);
            case 6 -> heavyTail(count);
            case 7 -> routeChange(count);
            case 8 -> spikes(count);
            default -> sawtooth(count);
        };
    }

    private long[] window(int count) {
        long[] run = recorded.get(random.nextInt(recorded.size()));
        int from = random.nextInt(Math.max(1, run.length - count + 1));
        return Arrays.copyOfRange(run, from, Math.min(run.length, from + count));
    }

    private long[] mixOfTwo(int count) {
        long[] one = recorded.get(random.nextInt(recorded.size()));
        long[] other = recorded.get(random.nextInt(recorded.size()));
        double share = random.nextDouble();
        long[] samples = new long[count];
        for (int i = 0; i < count; i++) {
            long[] run = random.nextDouble() < share ? one : other;
            samples[i] = run[random.nextInt(run.length)];
        }
        return samples;
    }

    private double median() {
        return MS * Math.exp(random.nextDouble() * Math.log(3_000)) / 10;
    }

    private long[] logNormal(int count, double mostSigma) {
        double median = median();
        double sigma = random.nextDouble() * mostSigma;
        return samples(count, i -> median * Math.exp(sigma * random.nextGaussian()));
    }

    private long[] bimodal(int count) {
        double low = median();
        double high = low * (1 + 10 * random.nextDouble());
        double share = 0.5 + random.nextDouble() / 2;
        return samples(count, i -> (random.nextDouble() < share ? low : high) * Math.exp(0.02 * random.nextGaussian()));
    }

    /** A floor and a Pareto tail above it. */
    private long[] heavyTail(int count) {
        double floor = median();
        double alpha = 1.1 + 2 * random.nextDouble();
        return samples(count, i -> floor * (1 + 0.2 * (Math.pow(1 - random.nextDouble(), -1 / alpha) - 1)));
    }

    private long[] routeChange(int count) {
        double before = median();
        double after = median();
        int at = random.nextInt(count);
        return samples(count, i -> (i < at ? before : after) * (1 + 0.05 * random.nextDouble()));
    }

    private long[] spikes(int count) {
        double base = median();
        return samples(
                count, i -> base * (1 + 0.01 * random.nextGaussian()) + (random.nextInt(15) == 0 ? base * 20 : 0));
    }

    /** A queue that fills and empties. */
    private long[] sawtooth(int count) {
        double base = median();
        int period = 2 + random.nextInt(60);
        return samples(count, i -> base * (1 + 3.0 * (i % period) / period));
    }

    private interface Shape {
        double nanos(int index);
    }

    private static long[] samples(int count, Shape shape) {
        long[] samples = new long[count];
        for (int i = 0; i < count; i++) {
            samples[i] = Math.max(1_000, Math.min(10_000_000_000L, Math.round(shape.nanos(i))));
        }
        return samples;
    }
}
