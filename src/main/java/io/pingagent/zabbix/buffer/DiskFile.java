package io.pingagent.zabbix.buffer;

import io.pingagent.base.OwnedBy;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of the buffer. */
@OwnedBy("caller")
interface DiskFile extends Closeable {

    /** Writes all that remains in the bytes, or throws when some of it may have been written. */
    void write(ByteBuffer bytes, long position) throws IOException;

    /** @return how many bytes were read; 0 or less at the end of the file */
    int read(ByteBuffer bytes, long position) throws IOException;

    /** Bytes in the file. */
    long size() throws IOException;

    /** Cuts the file. */
    void truncate(long size) throws IOException;

    /** Waits until the disk has what was written. */
    void force() throws IOException;

    /** @return whether this process is now the only one that has the file locked */
    boolean tryLock() throws IOException;
}
