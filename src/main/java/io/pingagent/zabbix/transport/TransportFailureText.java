package io.pingagent.zabbix.transport;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;

/** Why something on the way to a server failed, in words. Stateless. */
public final class TransportFailureText {

    private TransportFailureText() {}

    public static String of(IOException e) {
        String message = e.getMessage();
        if (e instanceof UnknownHostException) {
            return message != null && message.startsWith("the name ") ? message : "the name is unknown";
        }
        if (e instanceof ConnectException && message != null && message.contains("refused")) {
            return "connection refused";
        }
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
