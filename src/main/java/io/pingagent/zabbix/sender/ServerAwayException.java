package io.pingagent.zabbix.sender;

import java.io.IOException;

/** No Zabbix server took what was sent. Whether one of them stored it all the same is unknown: send the same again. */
public final class ServerAwayException extends IOException {

    private static final long serialVersionUID = 1L;

    ServerAwayException(String message, Throwable cause) {
        super(message, cause);
    }
}
