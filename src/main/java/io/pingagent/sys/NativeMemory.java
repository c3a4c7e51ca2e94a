package io.pingagent.sys;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory outside the heap, zeroed, with its address. It is freed when this object is no longer reachable, so it belongs
 * in a field of whoever hands the address to the kernel.
 */
final class NativeMemory {

    static {
        NativeCode.locate();
    }

    private final ByteBuffer bytes;
    private final long address;

    NativeMemory(int size) {
        bytes = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
        address = Pointer.nativeValue(Native.getDirectBufferPointer(bytes));
    }

    /** The memory in the machine's byte order, for structs. */
    ByteBuffer bytes() {
        return bytes;
    }

    /** A view of the same memory in network byte order, for packets. */
    ByteBuffer packets() {
        return bytes.duplicate().order(ByteOrder.BIG_ENDIAN);
    }

    long address(int offset) {
        return address + offset;
    }
}
