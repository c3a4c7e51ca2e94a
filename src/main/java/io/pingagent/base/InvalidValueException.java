package io.pingagent.base;

/** A text that somebody wrote is no valid value; says what is wrong with it and what to write instead. */
public final class InvalidValueException extends Exception {

    private static final long serialVersionUID = 1;

    /** What a decoder writes in place of bytes that are not UTF-8. */
    private static final char REPLACEMENT = '\ufffd';

    private final String remedy;

    /**
     * @param what the value seen and what is wrong with it
     * @param remedy what to write instead
     */
    public InvalidValueException(String what, String remedy) {
        super(what, null, false, false);
        this.remedy = remedy;
    }

    /** For a value outside its range: {@code '90s' is not allowed; write 1ms to 60s}. */
    public static InvalidValueException notAllowed(String seen, String range) {
        return new InvalidValueException("'" + seen + "' is not allowed", "write " + range);
    }

    /**
     * Two different texts may be the same after characters were lost.
     *
     * @throws InvalidValueException if the text holds U+FFFD
     */
    public static void refuseLostCharacters(String text) throws InvalidValueException {
        if (text.indexOf(REPLACEMENT) >= 0) {
            throw new InvalidValueException(
                    "it holds U+FFFD, which stands for characters that were lost", "write it in UTF-8");
        }
    }

    public String what() {
        return String.valueOf(getMessage());
    }

    public String remedy() {
        return remedy;
    }
}
