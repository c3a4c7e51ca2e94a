package io.pingagent.sys;

import java.nio.ByteBuffer;

/**
 * A classic BPF program as {@code SO_ATTACH_FILTER} takes it; the kernel copies it.
 *
 * <pre>{@code
 * struct sock_filter {               // 8 bytes
 *     __u16 code;                    //  0
 *     __u8  jt;                      //  2  instructions to skip when true
 *     __u8  jf;                      //  3  instructions to skip when false
 *     __u32 k;                       //  4
 * };
 * struct sock_fprog {                // 16 bytes
 *     unsigned short len;            //  0  instructions
 *     struct sock_filter *filter;    //  8
 * };
 * }</pre>
 */
public final class SocketFilter {

    /** X = 4 * (byte at k &amp; 15): the length of an IPv4 header. */
    public static final int LOAD_HEADER_LENGTH = 0xb1;
    /** A = byte at k. */
    public static final int LOAD_BYTE = 0x30;
    /** A = byte at X + k. */
    public static final int LOAD_BYTE_INDEXED = 0x50;
    /** A = 16 bits at k. */
    public static final int LOAD_SHORT = 0x28;
    /** A = 16 bits at X + k. */
    public static final int LOAD_SHORT_INDEXED = 0x48;
    /** Skip jt instructions if A = k, else jf. */
    public static final int JUMP_IF_EQUAL = 0x15;
    /** Keep the first k bytes of the packet; 0 drops it. */
    public static final int RETURN = 0x06;

    private static final int FILTER_LENGTH = 0;
    private static final int FILTER_ADDRESS = 8;
    private static final int PROGRAM_BYTES = 16;
    private static final int CODE = 0;
    private static final int JUMP_TRUE = 2;
    private static final int JUMP_FALSE = 3;
    private static final int OPERAND = 4;
    private static final int INSTRUCTION_BYTES = 8;

    private final NativeMemory memory;
    private final int capacity;
    private int length;

    /** @param capacity most instructions that will be added */
    public SocketFilter(int capacity) {
        this.capacity = capacity;
        memory = new NativeMemory(PROGRAM_BYTES + capacity * INSTRUCTION_BYTES);
        memory.bytes().putLong(FILTER_ADDRESS, memory.address(PROGRAM_BYTES));
    }

    /** Appends an instruction without jumps. */
    public SocketFilter add(int code, int operand) {
        return add(code, operand, 0, 0);
    }

    /** Appends an instruction. */
    public SocketFilter add(int code, int operand, int jumpTrue, int jumpFalse) {
        if (length == capacity) {
            throw new IllegalStateException("room for " + capacity + " instructions only");
        }
        ByteBuffer bytes = memory.bytes();
        int at = PROGRAM_BYTES + length * INSTRUCTION_BYTES;
        bytes.putShort(at + CODE, (short) code);
        bytes.put(at + JUMP_TRUE, (byte) jumpTrue);
        bytes.put(at + JUMP_FALSE, (byte) jumpFalse);
        bytes.putInt(at + OPERAND, operand);
        length++;
        bytes.putShort(FILTER_LENGTH, (short) length);
        return this;
    }

    /** Of the {@code sock_fprog}. */
    long address() {
        return memory.address(0);
    }

    /** Of the {@code sock_fprog} alone. */
    int programBytes() {
        return PROGRAM_BYTES;
    }
}
