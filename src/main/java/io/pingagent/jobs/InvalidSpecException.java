package io.pingagent.jobs;

/** A text is no cron spec; the message follows the quoted spec in a sentence. */
final class InvalidSpecException extends Exception {

    private static final long serialVersionUID = 1;

    InvalidSpecException(String message) {
        super(message, null, false, false);
    }

    String what() {
        return String.valueOf(getMessage());
    }
}
