package io.pingagent.zabbix.buffer;

import java.io.IOException;
import java.nio.file.Path;

/** Another agent has the buffer's directory: two would send each other's values. */
final class BufferInUseException extends IOException {

    private static final long serialVersionUID = 1;

    BufferInUseException(Path directory) {
        super(directory + " is in use by another agent");
    }
}
