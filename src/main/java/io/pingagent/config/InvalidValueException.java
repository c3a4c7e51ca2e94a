package io.pingagent.config;

/** A text is no value of its key's type. */
final class InvalidValueException extends Exception {

    private static final long serialVersionUID = 1;

    private final String remedy;

    /**
     * @param what the value seen and what is wrong with it
     * @param remedy what to write instead
     */
    InvalidValueException(String what, String remedy) {
        super(what, null, false, false);
        this.remedy = remedy;
    }

    /** Same, for a value outside its range: {@code '90s' is not allowed; write 1ms to 60s}. */
    static InvalidValueException notAllowed(String seen, String range) {
        return new InvalidValueException("'" + seen + "' is not allowed", "write " + range);
    }

    String what() {
        return String.valueOf(getMessage());
    }

    String remedy() {
        return remedy;
    }
}
