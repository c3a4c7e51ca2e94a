package io.pingagent.zabbix;

import java.io.IOException;

/** What came back is no answer to the sender protocol, or none to what was sent. */
final class BadAnswerException extends IOException {

    private static final long serialVersionUID = 1L;

    BadAnswerException(String message) {
        super(message);
    }
}
