package io.pingagent.zabbix;

import java.io.IOException;

/** Keys or certificates of the two sides do not go together. */
final class HandshakeException extends IOException {

    private static final long serialVersionUID = 1L;

    private final String remedy;

    /** @param remedy what to do, and with which file */
    HandshakeException(String what, String remedy, Throwable cause) {
        super(what, cause);
        this.remedy = remedy;
    }

    String remedy() {
        return remedy;
    }
}
