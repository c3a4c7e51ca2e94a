package io.pingagent.zabbix.sender;

import io.pingagent.base.DaemonThreads;
import io.pingagent.model.ZabbixValue;
import io.pingagent.zabbix.sender.SenderAnswer.Counts;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Packets on their way over several connections at a time. A server works through a connection with one process, and
 * most of the time for a packet is that process's. All values of an address are in one lane, whose packets go one after
 * the other, so that their order stays.
 *
 * <p>Used by one thread, which serves a single lane itself; several have threads of their own while packets are sent.
 */
public final class SenderConnections implements AutoCloseable {

    private record Answer(List<ZabbixValue> packet, Counts counts) {}

    /** Packets of one lane that are to be sent, and the answers to those that were. */
    private static final class Lane {

        final Deque<List<ZabbixValue>> packets = new ArrayDeque<>();
        final List<Answer> answers = new ArrayList<>();

        @Nullable
        ServerUnreachableException unreachable;

        @Nullable
        RuntimeException failure;
    }

    /** What became of a packet. */
    public interface Settler {

        /** @return packets that are to go next in the same lane, in order; empty if there is nothing left to do */
        List<List<ZabbixValue>> settled(List<ZabbixValue> packet, Counts counts);
    }

    private final SenderClient client;
    private final List<Lane> lanes = new ArrayList<>();
    private @Nullable ExecutorService threads;

    /** @param count lanes, at least 1 */
    public SenderConnections(SenderClient client, int count) {
        this.client = client;
        for (int i = 0; i < count; i++) {
            lanes.add(new Lane());
        }
    }

    public int count() {
        return lanes.size();
    }

    public boolean isEmpty() {
        for (Lane lane : lanes) {
            if (!lane.packets.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** Puts a packet behind the others of its lane. */
    public void add(int lane, List<ZabbixValue> packet) {
        lanes.get(lane).packets.add(packet);
    }

    /** Takes values out of the packets that are to be sent. */
    public void removeIf(Predicate<ZabbixValue> gone) {
        for (Lane lane : lanes) {
            List<List<ZabbixValue>> before = List.copyOf(lane.packets);
            lane.packets.clear();
            for (List<ZabbixValue> packet : before) {
                List<ZabbixValue> left = packet.stream().filter(gone.negate()).toList();
                if (!left.isEmpty()) {
                    lane.packets.add(left);
                }
            }
        }
    }

    /**
     * Sends the packets of every lane up to the first that is not wholly accepted.
     *
     * @param settler gets every packet that was answered, on this thread
     * @param meanwhile done on this thread while several lanes are busy
     * @return how many values were in these
     * @throws ServerUnreachableException if a packet was not answered; it and those behind it stay
     */
    public int send(Settler settler, Runnable meanwhile) throws ServerUnreachableException {
        List<Lane> used = lanes.stream()
                .filter(lane -> !lane.packets.isEmpty() || !lane.answers.isEmpty())
                .toList();
        if (used.size() == 1) {
            send(used.get(0));
        } else {
            List<Future<?>> sending = new ArrayList<>();
            for (Lane lane : used) {
                sending.add(threads().submit(() -> send(lane)));
            }
            try {
                meanwhile.run();
            } finally {
                sending.forEach(SenderConnections::await);
            }
        }
        int sent = 0;
        for (Lane lane : used) {
            sent += settle(lane, settler);
        }
        for (Lane lane : used) {
            if (lane.failure != null) {
                throw lane.failure;
            }
            if (lane.unreachable != null) {
                throw lane.unreachable;
            }
        }
        return sent;
    }

    private void send(Lane lane) {
        lane.unreachable = null;
        lane.failure = null;
        while (!lane.packets.isEmpty()) {
            try {
                SenderClient.Offered offered = client.offer(lane.packets.getFirst());
                List<ZabbixValue> packet = lane.packets.removeFirst();
                if (offered instanceof SenderClient.Split split) {
                    SenderClient.putBack(split, lane.packets);
                } else if (offered instanceof SenderClient.Answered answered) {
                    lane.answers.add(new Answer(packet, answered.counts()));
                    if (answered.counts().failed() > 0) {
                        return;
                    }
                }
            } catch (ServerUnreachableException e) {
                lane.unreachable = e;
                return;
            } catch (RuntimeException e) {
                lane.failure = e;
                return;
            } catch (Error e) {
                // The other lane is at work: this one must not end before it.
                lane.failure = new IllegalStateException("values could not be sent", e);
                return;
            }
        }
    }

    private static int settle(Lane lane, Settler settler) {
        int sent = 0;
        for (Answer answer : lane.answers) {
            sent += answer.packet.size();
            List<List<ZabbixValue>> next = settler.settled(answer.packet, answer.counts);
            for (int i = next.size() - 1; i >= 0; i--) {
                lane.packets.addFirst(next.get(i));
            }
        }
        lane.answers.clear();
        return sent;
    }

    /** Sending ends within its own deadline, so that this waits for it whatever comes. */
    private static void await(Future<?> other) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    other.get();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new IllegalStateException("values could not be sent", e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private ExecutorService threads() {
        ExecutorService made = threads;
        if (made == null) {
            made = Executors.newCachedThreadPool(DaemonThreads.named("ping-zabbix-lane"));
            threads = made;
        }
        return made;
    }

    @Override
    public void close() {
        ExecutorService made = threads;
        if (made != null) {
            made.shutdown();
        }
    }
}
