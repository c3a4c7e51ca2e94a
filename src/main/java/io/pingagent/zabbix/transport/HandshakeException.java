package io.pingagent.zabbix.transport;

import java.io.IOException;

/** Keys or certificates of the two sides do not go together. */
public final class HandshakeException extends IOException {

    private static final long serialVersionUID = 1L;

    private final String remedy;

    /** @param remedy what to do, and with which file */
    public HandshakeException(String what, String remedy, Throwable cause) {
        super(what, cause);
        this.remedy = remedy;
    }

    public String remedy() {
        return remedy;
    }
}
