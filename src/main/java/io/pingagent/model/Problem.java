package io.pingagent.model;

/**
 * Something wrong that a person has to mend, while the rest goes on working.
 *
 * @param where the file and key, the Redis key, the group member: where to look
 * @param what what is wrong, with the value seen and the range allowed
 * @param remedy what to do
 */
public record Problem(String where, String what, String remedy) {

    /** One line for a log or a terminal. */
    @Override
    public String toString() {
        return where + ": " + what + "; " + remedy;
    }
}
