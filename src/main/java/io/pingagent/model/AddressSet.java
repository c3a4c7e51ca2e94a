package io.pingagent.model;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.Consumer;

/**
 * An immutable, sorted set of addresses in compact arrays, because a group may hold a million of them. An IPv4 address
 * takes 4 bytes, an IPv6 address 20.
 *
 * <p>Order: IPv4 before IPv6, each ascending, as in {@link IpAddress#compareTo}.
 */
public final class AddressSet {

    public static final AddressSet EMPTY = new AddressSet(new int[0], new IpAddress[0]);

    /** Ascending as unsigned numbers. */
    private final int[] v4;

    private final IpAddress[] v6;

    private AddressSet(int[] v4, IpAddress[] v6) {
        this.v4 = v4;
        this.v6 = v6;
    }

    public static AddressSet of(IpAddress... addresses) {
        Builder builder = new Builder();
        for (IpAddress address : addresses) {
            builder.add(address);
        }
        return builder.build();
    }

    public static AddressSet union(Collection<AddressSet> sets) {
        if (sets.size() == 1) {
            return sets.iterator().next();
        }
        Builder builder = new Builder();
        sets.forEach(builder::addAll);
        return builder.build();
    }

    public int size() {
        return v4.length + v6.length;
    }

    public boolean isEmpty() {
        return size() == 0;
    }

    /** @param index from 0 to {@link #size()} - 1, in ascending order */
    public IpAddress get(int index) {
        return index < v4.length ? IpAddress.v4(v4[index] ^ Integer.MIN_VALUE) : v6[index - v4.length];
    }

    public boolean contains(IpAddress address) {
        return indexOf(address) >= 0;
    }

    /** The index that {@link #get} has the address under, negative if it is not in the set. */
    public int indexOf(IpAddress address) {
        if (!address.isV6()) {
            return Arrays.binarySearch(v4, address.v4Bits() ^ Integer.MIN_VALUE);
        }
        int index = Arrays.binarySearch(v6, address);
        return index < 0 ? index : v4.length + index;
    }

    public void forEach(Consumer<IpAddress> action) {
        for (int i = 0; i < size(); i++) {
            action.accept(get(i));
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressSet set && Arrays.equals(v4, set.v4) && Arrays.equals(v6, set.v6);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(v4) + Arrays.hashCode(v6);
    }

    @Override
    public String toString() {
        return size() + " addresses";
    }

    /** Collects addresses in any order, with repetitions. Not thread-safe. */
    public static final class Builder {

        /** Bits with the sign flipped, so that signed order is address order. */
        private int[] v4;

        private int v4Count;
        private IpAddress[] v6 = new IpAddress[0];
        private int v6Count;

        public Builder() {
            this(16);
        }

        /** @param expectedV4 room for so many IPv4 addresses; more may come */
        public Builder(int expectedV4) {
            v4 = new int[Math.max(16, expectedV4)];
        }

        public Builder add(IpAddress address) {
            if (address.isV6()) {
                if (v6Count == v6.length) {
                    v6 = Arrays.copyOf(v6, Math.max(16, v6Count * 2));
                }
                v6[v6Count++] = address;
            } else {
                addFlipped(address.v4Bits() ^ Integer.MIN_VALUE);
            }
            return this;
        }

        public Builder addAll(AddressSet set) {
            for (int flipped : set.v4) {
                addFlipped(flipped);
            }
            for (IpAddress address : set.v6) {
                add(address);
            }
            return this;
        }

        private void addFlipped(int flipped) {
            if (v4Count == v4.length) {
                v4 = Arrays.copyOf(v4, v4Count + (v4Count >> 1));
            }
            v4[v4Count++] = flipped;
        }

        public AddressSet build() {
            return buildOrReuse(EMPTY);
        }

        /** Like {@link #build}, but returns {@code known} if it is equal: there are large sets that are built often and seldom new. */
        public AddressSet buildOrReuse(AddressSet known) {
            Arrays.sort(v4, 0, v4Count);
            int v4Kept = 0;
            for (int i = 0; i < v4Count; i++) {
                if (i == 0 || v4[i] != v4[i - 1]) {
                    v4[v4Kept++] = v4[i];
                }
            }
            IpAddress[] v6Sorted =
                    Arrays.stream(v6, 0, v6Count).distinct().sorted().toArray(IpAddress[]::new);
            v4Count = 0;
            v6Count = 0;
            boolean isKnown =
                    Arrays.equals(v4, 0, v4Kept, known.v4, 0, known.v4.length) && Arrays.equals(v6Sorted, known.v6);
            return isKnown ? known : new AddressSet(Arrays.copyOf(v4, v4Kept), v6Sorted);
        }
    }
}
