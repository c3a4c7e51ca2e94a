package io.pingagent.zabbix.sender;

import java.io.IOException;

/** No Zabbix server took what was sent. One of them may have stored it nevertheless: send the same again. */
public final class ServerUnreachableException extends IOException {

    private static final long serialVersionUID = 1L;

    ServerUnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
