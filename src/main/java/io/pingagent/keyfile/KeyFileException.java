package io.pingagent.keyfile;

/** A file of a password, key or certificate cannot be used. Never quotes what is in it: that may be a secret. */
public final class KeyFileException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String remedy;

    /**
     * @param what names the file and what is wrong with it
     * @param remedy what to do, in the words of a command where there is one
     */
    public KeyFileException(String what, String remedy) {
        super(what);
        this.remedy = remedy;
    }

    /** Same, with the exception behind it, whose message must hold nothing of the file. */
    public KeyFileException(String what, String remedy, Throwable cause) {
        super(what, cause);
        this.remedy = remedy;
    }

    /** What is wrong, without the remedy. */
    public String what() {
        return String.valueOf(getMessage());
    }

    public String remedy() {
        return remedy;
    }
}
