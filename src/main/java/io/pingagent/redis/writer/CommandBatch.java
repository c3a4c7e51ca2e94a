package io.pingagent.redis.writer;

import io.pingagent.base.OwnedBy;
import io.pingagent.base.Utf8;
import io.pingagent.model.IpAddress;
import io.pingagent.redis.RedisConnection;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Up to a thousand commands that go to Redis in one write, and what each was for. Without garbage: a command is encoded
 * straight into the buffer, as {@code *<arguments>\r\n} and then {@code $<length>\r\n<bytes>\r\n} for each argument.
 */
@OwnedBy("ping-redis")
final class CommandBatch {

    /** What a command was for, so that its answer finds its way. */
    enum Purpose {
        VALUE("SET"),
        PER_IP("SET"),
        PER_IP_EXPIRY_CHECK("PTTL"),
        PER_IP_REMOVAL("DEL"),
        EXPIRY_CHECK("PTTL"),
        ERR_LIST_ADD("SADD"),
        ERR_LIST_REMOVE("SREM"),
        /** Not sent by a batch. */
        ERR_LIST_READ("SSCAN"),
        REMOVAL("DEL"),
        STATUS("SET"),
        STATUS_BEGIN("SET"),
        STATUS_PIECE("SETRANGE"),
        STATUS_CHECK("PTTL"),
        STATUS_PUBLISH("RENAME"),
        /** All commands of the transaction but the last. */
        STATUS_EXCHANGE("MULTI"),
        STATUS_EXCHANGED("EXEC"),
        AGENT_LIST("SADD"),
        ONLINE("SET"),
        OWNER("SET"),
        OWNER_TTL("PEXPIRE"),
        STATS("SET"),
        WITHDRAWAL("DEL");

        private final String command;

        Purpose(String command) {
            this.command = command;
        }

        /** As users write it. */
        String command() {
            return command;
        }

        /** Of the key. */
        String type() {
            return switch (this) {
                case ERR_LIST_ADD, ERR_LIST_REMOVE, ERR_LIST_READ, AGENT_LIST -> "set";
                default -> "string";
            };
        }
    }

    /** Takes the answers, in the order of the commands. */
    interface Answers {

        /** @param number of an integer reply, else 0 */
        void done(Purpose purpose, int target, @Nullable IpAddress address, long number);

        /** @param error as Redis sent it, its kind first: {@code WRONGTYPE Operation against...} */
        void refused(Purpose purpose, int target, @Nullable IpAddress address, String error);

        /** The connection was lost: the command may have been carried out or not. */
        void unanswered(Purpose purpose, int target, @Nullable IpAddress address);
    }

    static final int MAX_COMMANDS = 1000;

    private static final int MIN_COMMANDS = 50;
    private static final long TOO_LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** Encoded bytes after which a batch is full; must fit twice into the send buffer of {@link RedisConnection}. */
    static final int MAX_BYTES = 64 * 1024;

    /** The longest single command; it may exceed {@link #MAX_BYTES} by this much. */
    static final int MAX_COMMAND_BYTES = 56 * 1024;

    private static final byte[] SET = Utf8.bytes("SET");
    private static final byte[] PX = Utf8.bytes("PX");

    private final byte[] buffer = new byte[MAX_BYTES + MAX_COMMAND_BYTES];
    private int length;

    private final Purpose[] purposes = new Purpose[MAX_COMMANDS];
    private final int[] targets = new int[MAX_COMMANDS];
    private final @Nullable IpAddress[] addresses = new IpAddress[MAX_COMMANDS];
    private int count;
    private int limit = MAX_COMMANDS;

    private final AsciiBuffer scratch = new AsciiBuffer(512);

    boolean isEmpty() {
        return count == 0;
    }

    /** Whether so many more ordinary commands fit; to be asked before each target. */
    boolean hasRoom(int commands) {
        return count + commands <= limit && length < MAX_BYTES;
    }

    /** Holds fewer commands from now on where a server is slow, so that what is urgent does not wait behind them. */
    void adapt(long sendNanos) {
        if (sendNanos > TOO_LONG_NANOS) {
            limit = Math.max(MIN_COMMANDS, limit / 2);
        } else if (limit < MAX_COMMANDS && sendNanos < TOO_LONG_NANOS / 4) {
            limit = Math.min(MAX_COMMANDS, limit * 2);
        }
    }

    /** {@code SET <prefix><address> <value> PX <ttlMillis>}. */
    void set(Purpose purpose, int target, byte[] prefix, IpAddress address, AsciiBuffer value, int ttlMillis) {
        begin(purpose, target, null, 5);
        argument(SET);
        key(prefix, address);
        argument(value.bytes(), value.length());
        argument(PX);
        number(ttlMillis);
    }

    /** A command with one key that ends with an address, {@code PTTL} or {@code DEL}. */
    void onKey(Purpose purpose, int target, byte[] command, byte[] prefix, IpAddress address) {
        begin(purpose, target, address, 2);
        argument(command);
        key(prefix, address);
    }

    /** {@code SADD} or {@code SREM} of one address. */
    void onMember(Purpose purpose, int target, byte[] command, byte[] key, IpAddress address) {
        begin(purpose, target, address, 3);
        argument(command);
        argument(key);
        scratch.clear();
        scratch.put(address);
        argument(scratch.bytes(), scratch.length());
    }

    /** Any command of short arguments. */
    void any(Purpose purpose, byte[]... arguments) {
        begin(purpose, TargetPages.NONE, null, arguments.length);
        for (byte[] argument : arguments) {
            argument(argument);
        }
    }

    /** {@code <command> <key> <text> [<rest>...]}, with a text up to 48 KiB. */
    void text(Purpose purpose, byte[] command, byte[] key, AsciiBuffer text, byte[]... rest) {
        begin(purpose, TargetPages.NONE, null, 3 + rest.length);
        argument(command);
        argument(key);
        argument(text.bytes(), text.length());
        for (byte[] argument : rest) {
            argument(argument);
        }
    }

    /** {@code <command> <key> <number> <text>}, with a text up to 48 KiB. */
    void text(Purpose purpose, byte[] command, byte[] key, long number, AsciiBuffer text) {
        begin(purpose, TargetPages.NONE, null, 4);
        argument(command);
        argument(key);
        number(number);
        argument(text.bytes(), text.length());
    }

    /**
     * Sends everything, reads every reply and empties the batch, also when the connection is lost on the way.
     *
     * @throws redis.clients.jedis.exceptions.JedisConnectionException if it is; every command has got its answer then,
     *     {@code unanswered} where none came
     */
    void send(RedisConnection connection, Answers answers) {
        int answered = 0;
        int sent = count;
        try {
            if (sent > 0) {
                connection.write(buffer, length);
            }
            while (answered < sent) {
                int i = answered;
                try {
                    long number = connection.readNumber();
                    answered++;
                    answers.done(purposes[i], targets[i], addresses[i], number);
                } catch (JedisDataException e) {
                    answered = i + 1;
                    answers.refused(purposes[i], targets[i], addresses[i], String.valueOf(e.getMessage()));
                }
            }
        } finally {
            for (int i = answered; i < sent; i++) {
                answers.unanswered(purposes[i], targets[i], addresses[i]);
            }
            count = 0;
            length = 0;
        }
    }

    /** Gives up what was not sent. */
    void abandon(Answers answers) {
        for (int i = 0; i < count; i++) {
            answers.unanswered(purposes[i], targets[i], addresses[i]);
        }
        count = 0;
        length = 0;
    }

    private void begin(Purpose purpose, int target, @Nullable IpAddress address, int arguments) {
        purposes[count] = purpose;
        targets[count] = target;
        addresses[count] = address;
        count++;
        buffer[length++] = '*';
        decimal(arguments);
        crLf();
    }

    private void key(byte[] prefix, IpAddress address) {
        scratch.clear();
        scratch.put(prefix);
        scratch.put(address);
        argument(scratch.bytes(), scratch.length());
    }

    private void number(long value) {
        scratch.clear();
        scratch.put(value);
        argument(scratch.bytes(), scratch.length());
    }

    private void argument(byte[] bytes) {
        argument(bytes, bytes.length);
    }

    private void argument(byte[] bytes, int size) {
        buffer[length++] = '$';
        decimal(size);
        crLf();
        System.arraycopy(bytes, 0, buffer, length, size);
        length += size;
        crLf();
    }

    private void decimal(int value) {
        length = AsciiBuffer.writeDecimal(buffer, length, value);
    }

    private void crLf() {
        buffer[length++] = '\r';
        buffer[length++] = '\n';
    }
}
