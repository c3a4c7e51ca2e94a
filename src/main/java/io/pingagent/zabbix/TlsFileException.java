package io.pingagent.zabbix;

/** A file of a key or certificate cannot be used; the message names it and what is wrong. */
public final class TlsFileException extends Exception {

    private static final long serialVersionUID = 1L;

    TlsFileException(String message, Throwable cause) {
        super(message, cause);
    }

    TlsFileException(String message) {
        super(message);
    }
}
