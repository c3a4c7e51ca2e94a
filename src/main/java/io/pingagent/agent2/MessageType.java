package io.pingagent.agent2;

/** The numbers of the messages between agent and plugin. */
final class MessageType {

    static final int LOG = 1;
    static final int REGISTER = 2;
    static final int REGISTERED = 3;
    static final int START = 4;
    static final int TERMINATE = 5;
    static final int EXPORT = 6;
    static final int EXPORTED = 7;
    static final int CONFIGURE = 8;
    static final int VALIDATE = 9;
    static final int VALIDATED = 10;

    private MessageType() {}
}
