package io.pingagent.sys;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import io.pingagent.base.AnyThread;

/** The C library's heap, on which the JVM's compilers work. */
@AnyThread
public final class NativeHeap {

    private static final boolean CAN_TRIM = canTrim();

    private NativeHeap() {}

    /**
     * Gives free pages back to the system. glibc does so of its own accord only at the heap's end. What the compilers
     * used in the first minute would stay for good. Takes some milliseconds. Does nothing with another C library.
     */
    public static void trim() {
        if (CAN_TRIM) {
            Glibc.malloc_trim(0);
        }
    }

    private static boolean canTrim() {
        NativeCode.locate();
        try {
            NativeLibrary process = NativeLibrary.getProcess();
            process.getFunction("malloc_trim");
            Native.register(Glibc.class, process);
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    private static final class Glibc {

        private Glibc() {}

        /** {@code int malloc_trim(size_t pad)}: 1 if memory was given back. */
        static native int malloc_trim(long pad);
    }
}
