package io.pingagent.zabbix.api;

import io.pingagent.base.OneLine;

/** The API did not do what was asked. The message is one line, holds no secret, and ends with the remedy. */
public final class ApiException extends Exception {

    private static final long serialVersionUID = 1L;

    private static final int MOST_CHARACTERS = 600;

    /** Why. */
    public enum Kind {
        /** No connection, no answer in time, or the frontend has trouble of its own. */
        AWAY,
        /** The token is not valid, or its user lacks a right. */
        NOT_PERMITTED,
        /** What is there is no API of Zabbix, or it does not accept the request. */
        REFUSED,
        /** Zabbix knows no object of a name, or the token's user may not read it. */
        UNKNOWN_NAME
    }

    private final Kind kind;
    private final String remedy;

    /**
     * @param what what is wrong, with the server and what it said
     * @param remedy what to do
     */
    public ApiException(Kind kind, String what, String remedy) {
        super(OneLine.of(what, MOST_CHARACTERS));
        this.kind = kind;
        this.remedy = OneLine.of(remedy, MOST_CHARACTERS);
    }

    ApiException(Kind kind, String what, String remedy, Throwable cause) {
        super(OneLine.of(what, MOST_CHARACTERS), cause);
        this.kind = kind;
        this.remedy = OneLine.of(remedy, MOST_CHARACTERS);
    }

    public Kind kind() {
        return kind;
    }

    /** What is wrong, without the remedy. */
    public String what() {
        return String.valueOf(super.getMessage());
    }

    public String remedy() {
        return remedy;
    }

    @Override
    public String getMessage() {
        return what() + "; " + remedy;
    }
}
