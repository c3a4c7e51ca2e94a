package io.pingagent.faults;

import io.pingagent.model.Addresses;
import io.pingagent.testkit.ZabbixSink.Manner;
import io.pingagent.zabbix.WaitingValues;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What can be wrong with a Zabbix server, the way to it, and the place where values wait. */
final class ZabbixFaults {

    private static final String AWAY = "no Zabbix server takes values";
    /** Of 128 KiB, some 2,000 values; a row has to end before the limit is reached. */
    private static final String SMALL_FILES = "PING_AGENT_ZABBIX_BUFFER_MAX_SIZE=2MiB";

    private static final int KILLS = 20;
    /** Values that are sent before the next acknowledgement is written: those of them that were answered go out again. */
    private static final int BATCH = 12_000;

    private ZabbixFaults() {}

    static List<ZabbixFault> all() {
        return Stream.of(servers(), List.of(kills()), disks(), damages(), limits())
                .flatMap(List::stream)
                .toList();
    }

    private static List<ZabbixFault> servers() {
        return List.of(
                server("connection refused", Manner.REFUSES).says(AWAY + ".*refused", "refused", "refused"),
                server("hung after accept", Manner.HANGS)
                        // Ten seconds without progress, twice: the second time after the end.
                        .lasting(15)
                        .rightWithin(20)
                        .says(AWAY, AWAY, "(warn|fail) +zabbix|report +zabbix"),
                server("garbage answer", Manner.ANSWERS_GARBAGE).says(AWAY, AWAY, "(warn|fail) +zabbix|report +zabbix"),
                server("one byte a second", Manner.DRIPS)
                        // An exchange may take 30 s, however slowly it goes on.
                        .lasting(36)
                        .says(AWAY, AWAY, "(warn|fail) +zabbix|report +zabbix"),
                server("`processed: 0`", Manner.FAILS_ALL)
                        // The pauses between two attempts have grown to 8 s.
                        .rightWithin(20)
                        .says("does not (know|take)|takes none|refuses", "", "(warn|fail) +zabbix|report +zabbix"),
                server("reset in the middle of a packet", Manner.RESETS)
                        .says(AWAY, AWAY, "(warn|fail) +zabbix|report +zabbix"),
                new ZabbixFault("its name does not resolve")
                        .begin(site -> site.nameResolves(false))
                        // The JVM keeps a name's address for 5 s.
                        .lasting(14)
                        .end(site -> site.nameResolves(true))
                        // And for 10 s that there is none.
                        .rightWithin(22)
                        .says("", "", "unknown|resolve"),
                new ZabbixFault("its name leads to another address, where it is now")
                        .begin(site -> site.serverMovesTo("127.0.0.2"))
                        .lasting(1)
                        .says(AWAY, "", ""));
    }

    private static ZabbixFault server(String name, Manner manner) {
        return new ZabbixFault(name)
                .begin(site -> site.zabbix().behave(manner))
                .end(site -> site.zabbix().behave(Manner.TAKES));
    }

    /** While values go out, and in turn while they wait. */
    private static ZabbixFault kills() {
        return new ZabbixFault("`kill -9` of the agent, " + KILLS + " times")
                .addresses(100)
                .begin(site -> {
                    for (int i = 0; i < KILLS; i++) {
                        site.kill();
                        site.zabbix().behave(i % 4 == 3 ? Manner.REFUSES : Manner.TAKES);
                        site.startAgent();
                        awaitProbes(site);
                        // At another moment of the push interval each time.
                        TimeUnit.MILLISECONDS.sleep(300 + 40L * i);
                    }
                })
                .lasting(0)
                .end(site -> site.zabbix().behave(Manner.TAKES))
                // The last batch, each time, if its answer was under way.
                .doublesAtMost(BATCH);
    }

    private static void awaitProbes(ZabbixSite site) throws InterruptedException {
        long fromNanos = System.nanoTime();
        while (System.nanoTime() - fromNanos < TimeUnit.SECONDS.toNanos(60)) {
            long[] times = site.responder()
                    .requestTimes()
                    .getOrDefault(Addresses.parse(site.addresses().get(0)), new long[0]);
            if (times.length > 0 && times[times.length - 1] - fromNanos > 0) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new IllegalStateException("nothing is probed: " + site.agent().log());
    }

    private static List<ZabbixFault> disks() {
        return List.of(
                new ZabbixFault("disk full")
                        .prepare(site -> site.onHost("mount -t tmpfs -o size=64k none $B"))
                        .begin(site -> site.zabbix().behave(Manner.REFUSES))
                        .lasting(10)
                        .end(site -> site.zabbix().behave(Manner.TAKES))
                        .says("cannot be written.*No space left", "buffer", "buffer"),
                new ZabbixFault("read-only directory")
                        // Or the one file that is open stays the only one for long.
                        .prepare(site -> site.agentWith(SMALL_FILES))
                        .addresses(150)
                        .begin(site -> {
                            site.zabbix().behave(Manner.REFUSES);
                            // What is open is written to, as on a disk that is mounted again: nothing new can be made.
                            site.onHost("mount --bind $B $B; mount -o remount,ro,bind $B");
                        })
                        .end(site -> {
                            site.onHost("umount $B");
                            site.zabbix().behave(Manner.TAKES);
                        })
                        .says("cannot be written", "buffer", "buffer"),
                new ZabbixFault("directory deleted, then `kill -9`")
                        .begin(site -> {
                            site.onHost("rm -r $B/*");
                            TimeUnit.SECONDS.sleep(3);
                            site.zabbix().behave(Manner.REFUSES);
                            TimeUnit.SECONDS.sleep(5);
                            long waiting = site.stats().get("buffered").getAsLong();
                            site.count().rememberCount(waiting, site.agentSeconds());
                            site.kill();
                            site.startAgent();
                            awaitProbes(site);
                        })
                        .lasting(8)
                        .end(site -> site.zabbix().behave(Manner.TAKES))
                        .says("", "", ""));
    }

    private static List<ZabbixFault> damages() {
        return List.of(
                flipped("byte flipped in an old file of waiting values", false),
                flipped("byte flipped in the newest file of waiting values", true));
    }

    private static ZabbixFault flipped(String name, boolean isNewest) {
        return new ZabbixFault(name)
                .prepare(site -> site.agentWith(SMALL_FILES))
                .addresses(150)
                .begin(site -> {
                    site.zabbix().behave(Manner.REFUSES);
                    awaitFiles(site);
                    site.terminate();
                    site.count().rememberWaiting(site.buffer());
                    List<Path> files = WaitingValues.segments(site.buffer());
                    flip(files.get(isNewest ? files.size() - 1 : 1));
                    site.startAgent();
                    awaitProbes(site);
                })
                .lasting(10)
                .end(site -> site.zabbix().behave(Manner.TAKES))
                .losesSome()
                .says("damage", "damage", "damage");
    }

    /** An old one, the newest, and one between them. */
    private static void awaitFiles(ZabbixSite site) throws Exception {
        long fromNanos = System.nanoTime();
        while (WaitingValues.segments(site.buffer()).size() < 3) {
            if (System.nanoTime() - fromNanos > TimeUnit.SECONDS.toNanos(60)) {
                throw new IllegalStateException("the waiting values are in too few files");
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    /** In the middle. */
    private static void flip(Path path) throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(file.length() / 2);
            int before = file.read();
            file.seek(file.length() / 2);
            file.write(~before);
        }
    }

    private static List<ZabbixFault> limits() {
        SteppedClock clock = new SteppedClock("zabbix-age");
        return List.of(
                new ZabbixFault("limit of the size reached")
                        .prepare(site -> site.agentWith("PING_AGENT_ZABBIX_BUFFER_MAX_SIZE=1MiB"))
                        .addresses(300)
                        .begin(site -> site.zabbix().behave(Manner.REFUSES))
                        .lasting(14)
                        .end(site -> site.zabbix().behave(Manner.TAKES))
                        .losesOldest()
                        .says(AWAY, AWAY, "refused"),
                new ZabbixFault("limit of the age reached")
                        .prepare(site -> {
                            clock.shift(Duration.ZERO);
                            site.agentWith("PING_AGENT_ZABBIX_BUFFER_MAX_AGE=1m");
                            site.agentWith(clock.environment().toArray(String[]::new));
                        })
                        .begin(site -> {
                            site.zabbix().behave(Manner.REFUSES);
                            TimeUnit.SECONDS.sleep(5);
                            // Instead of two minutes of waiting.
                            clock.shift(Duration.ofMinutes(2));
                            site.clockIsAhead(Duration.ofMinutes(2));
                        })
                        .lasting(8)
                        .end(site -> site.zabbix().behave(Manner.TAKES))
                        .losesOldest()
                        .says(AWAY, AWAY, "refused"));
    }
}
