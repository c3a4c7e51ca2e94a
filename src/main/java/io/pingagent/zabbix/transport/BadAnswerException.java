package io.pingagent.zabbix.transport;

import java.io.IOException;

/** What came back is no answer to the sender protocol, or none to what was sent. */
public final class BadAnswerException extends IOException {

    private static final long serialVersionUID = 1L;

    public BadAnswerException(String message) {
        super(message);
    }
}
