package io.pingagent.redis.writer;

import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Targets as the engine would keep them; any thread. */
public final class FakeTable implements StateWriter.Source, StateWriter.ErrListEdits {

    private final IpAddress[] addresses;
    private final AtomicIntegerArray rttMicros;
    private final AtomicIntegerArray live;
    private final AtomicIntegerArray errList;
    volatile int ttlMillis = 20_000;
    volatile int silentMillis;
    final Map<Integer, Integer> ownSilentMillis = new ConcurrentHashMap<>();
    final Set<IpAddress> addedByHand = ConcurrentHashMap.newKeySet();
    final Set<IpAddress> removedByHand = ConcurrentHashMap.newKeySet();

    private FakeTable(IpAddress[] addresses) {
        this.addresses = addresses;
        rttMicros = new AtomicIntegerArray(addresses.length);
        live = new AtomicIntegerArray(addresses.length);
        errList = new AtomicIntegerArray(addresses.length);
        for (int i = 0; i < addresses.length; i++) {
            rttMicros.set(i, 1_000);
            live.set(i, 1);
        }
    }

    static FakeTable of(String... texts) {
        IpAddress[] addresses = new IpAddress[texts.length];
        for (int i = 0; i < texts.length; i++) {
            addresses[i] = Addresses.parse(texts[i]);
        }
        return new FakeTable(addresses);
    }

    public static FakeTable ofSize(int size) {
        IpAddress[] addresses = new IpAddress[size];
        for (int i = 0; i < size; i++) {
            addresses[i] = IpAddress.v4(0x0a00_0000 + i);
        }
        return new FakeTable(addresses);
    }

    void rttMicros(int target, int micros) {
        rttMicros.set(target, micros);
    }

    void errList(int target, boolean member) {
        errList.set(target, member ? 1 : 0);
    }

    void dead(int target) {
        live.set(target, 0);
    }

    void live(int target, IpAddress address) {
        addresses[target] = address;
        live.set(target, 1);
    }

    @Override
    public int targetLimit() {
        return addresses.length;
    }

    @Override
    public boolean live(int target) {
        return live.get(target) == 1;
    }

    @Override
    public IpAddress address(int target) {
        return addresses[target];
    }

    @Override
    public int targetId(IpAddress address) {
        for (int target = 0; target < addresses.length; target++) {
            if (addresses[target].equals(address)) {
                return target;
            }
        }
        return -1;
    }

    @Override
    public long lastRttNanos(int target) {
        return rttMicros.get(target) * 1_000L;
    }

    @Override
    public int ttlMillis(int target) {
        return ttlMillis;
    }

    @Override
    public int silentMillis(int target) {
        return ownSilentMillis.getOrDefault(target, silentMillis);
    }

    @Override
    public int sendCount(int target) {
        return 60;
    }

    @Override
    public int returnCount(int target) {
        return 59;
    }

    @Override
    public boolean inErrList(int target) {
        return errList.get(target) == 1;
    }

    @Override
    public void addedByHand(IpAddress address) {
        addedByHand.add(address);
    }

    @Override
    public void removedByHand(IpAddress address) {
        removedByHand.add(address);
    }
}
