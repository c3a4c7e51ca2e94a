package io.pingagent.redis.writer;

import io.pingagent.model.IpAddress;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisSettings;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From a reply to the bytes of its {@code SET}: marking the target, taking the queue, encoding. Nothing is sent. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class WriterBenchmark {

    private static final RedisSettings SETTINGS =
            RedisSettings.of("bench", URI.create("redis://127.0.0.1:6379/0"));

    private static final int REPLIES = 1_000;

    @Param({"60000", "1000000"})
    int targets;

    private final RedisKeys keys = new RedisKeys("bench");
    private final Table table = new Table();
    private final TargetPages pages = new TargetPages();
    private final CommandBatch batch = new CommandBatch();
    private final StateCommands commands = new StateCommands(
            SETTINGS,
            keys,
            table,
            pages,
            batch,
            new WriteTroubles(SETTINGS, keys, "bench"),
            System::nanoTime);
    private final Nobody nobody = new Nobody();
    private int next;

    @Benchmark
    @OperationsPerInvocation(REPLIES)
    public CommandBatch replied() {
        int nowMillis = TargetPages.millis(System.nanoTime());
        for (int i = 0; i < REPLIES; i++) {
            pages.mark(next, TargetPages.VALUE);
            next = next + 1 == targets ? 0 : next + 1;
        }
        for (int target = pages.takeAll(); target != TargetPages.NONE; ) {
            int following = pages.takeNext(target);
            if (!batch.hasRoom(StateCommands.MAX_COMMANDS_PER_TARGET)) {
                batch.abandon(nobody);
            }
            commands.write(target, nowMillis);
            target = following;
        }
        return batch;
    }

    private static final class Nobody implements CommandBatch.Answers {

        @Override
        public void done(CommandBatch.Purpose purpose, int target, @Nullable IpAddress address, long number) {}

        @Override
        public void refused(CommandBatch.Purpose purpose, int target, @Nullable IpAddress address, String error) {}

        @Override
        public void unanswered(CommandBatch.Purpose purpose, int target, @Nullable IpAddress address) {}
    }

    private final class Table implements StateWriter.Source {

        @Override
        public int targetLimit() {
            return targets;
        }

        @Override
        public boolean live(int targetId) {
            return true;
        }

        @Override
        public int targetId(IpAddress address) {
            return -1;
        }

        @Override
        public IpAddress address(int targetId) {
            return IpAddress.v4(0x7f10_0000 + targetId);
        }

        @Override
        public long lastRttNanos(int targetId) {
            return 11_204_000L;
        }

        @Override
        public int ttlMillis(int targetId) {
            return 21_000;
        }

        @Override
        public int silentMillis(int targetId) {
            return 0;
        }

        @Override
        public int sendCount(int targetId) {
            return 6;
        }

        @Override
        public int returnCount(int targetId) {
            return 6;
        }

        @Override
        public boolean inErrList(int targetId) {
            return false;
        }
    }
}
