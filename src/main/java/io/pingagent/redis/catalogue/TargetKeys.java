package io.pingagent.redis.catalogue;

import io.pingagent.base.OwnedBy;
import io.pingagent.base.Utf8;
import io.pingagent.model.IpAddress;
import io.pingagent.redis.RedisKeys;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.IntFunction;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.args.Rawable;

/**
 * {@code EXISTS target_$ip…} for a run of addresses. Each key is written when its turn comes. The next key of the same
 * length uses its array again, since a million addresses are asked for at each full reading, mostly in vain.
 *
 * <p>Jedis copies an argument into its output before it asks for the next one.
 */
@OwnedBy("caller")
final class TargetKeys extends CommandArguments {

    private static final byte[] PREFIX = Utf8.bytes(RedisKeys.TARGET);
    private static final int MOST_V4_CHARACTERS = 15;

    /** An argument that is written again and again. */
    private static final class Key implements Rawable {

        private final byte[][] byLength = new byte[PREFIX.length + MOST_V4_CHARACTERS + 1][];
        private final byte[] text = new byte[MOST_V4_CHARACTERS];
        private byte[] raw = {};

        void set(IpAddress address) {
            raw = address.isV6() ? Utf8.bytes(RedisKeys.target(address)) : v4(address.v4Bits());
        }

        private byte[] v4(int bits) {
            int end = text.length;
            for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
                int number = bits >>> shift & 0xff;
                do {
                    text[--end] = (byte) ('0' + number % 10);
                    number /= 10;
                } while (number > 0);
                if (shift < 3 * Byte.SIZE) {
                    text[--end] = '.';
                }
            }
            int length = text.length - end;
            byte[] key = byLength[PREFIX.length + length];
            if (key == null) {
                key = new byte[PREFIX.length + length];
                System.arraycopy(PREFIX, 0, key, 0, PREFIX.length);
                byLength[key.length] = key;
            }
            System.arraycopy(text, end, key, PREFIX.length, length);
            return key;
        }

        @Override
        public byte[] getRaw() {
            return raw;
        }
    }

    private final int from;
    private final int to;
    private final IntFunction<IpAddress> addresses;
    private final Key key = new Key();

    /** @param to exclusive */
    TargetKeys(int from, int to, IntFunction<IpAddress> addresses) {
        super(Protocol.Command.EXISTS);
        this.from = from;
        this.to = to;
        this.addresses = addresses;
    }

    @Override
    public int size() {
        return 1 + to - from;
    }

    @Override
    public Rawable get(int index) {
        if (index == 0) {
            return getCommand();
        }
        key.set(addresses.apply(from + index - 1));
        return key;
    }

    @Override
    public Iterator<Rawable> iterator() {
        return new Iterator<>() {

            private int next;

            @Override
            public boolean hasNext() {
                return next < size();
            }

            @Override
            public Rawable next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return get(next++);
            }
        };
    }
}
