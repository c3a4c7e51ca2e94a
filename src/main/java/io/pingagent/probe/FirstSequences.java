package io.pingagent.probe;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.function.IntSupplier;

/**
 * Where the sequence numbers of each target start: anywhere in 32 bits, and whoever sees those of his own address learns
 * nothing about another's. Owned by the registry's thread.
 */
final class FirstSequences implements IntSupplier {

    private static final int BLOCK_BYTES = 4_096;

    private final SecureRandom random = new SecureRandom();
    /** Filled at once: asked number by number a million targets would take a second. */
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES).limit(0);

    @Override
    public int getAsInt() {
        if (!block.hasRemaining()) {
            random.nextBytes(block.array());
            block.clear();
        }
        return block.getInt();
    }
}
