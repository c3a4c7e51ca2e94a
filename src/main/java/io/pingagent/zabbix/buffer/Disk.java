package io.pingagent.zabbix.buffer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The file system under the buffer: what a test may let fail. */
interface Disk {

    /** How a file is opened. */
    enum Mode {
        /** Only to read. */
        READ,
        /** To read and write; fails if it is not there. */
        CHANGE,
        /** To read and write; made if it is not there. */
        WRITE,
        /** To read and write; fails if anything of that name is there. */
        NEW
    }

    DiskFile open(Path file, Mode mode) throws IOException;

    /** Makes a directory and those above it; nothing if they are there. */
    void createDirectories(Path directory) throws IOException;

    /** Everything in a directory, of any kind. */
    List<Path> list(Path directory) throws IOException;

    /** Nothing if the file is not there. */
    void delete(Path file) throws IOException;

    /** In place of an identity: the file cannot be looked at now. */
    Object UNKNOWN = new Object();

    /** What distinguishes this file from a later one of the same name, null if there is none, or {@link #UNKNOWN}. */
    @Nullable
    Object identity(Path file);
}
