package io.pingagent.model;

import io.pingagent.base.OneLine;

/**
 * Something wrong that the user has to fix; the rest keeps working.
 *
 * <p>Each part is kept as {@link OneLine}: names and values in it may be a stranger's.
 *
 * @param where the file and key, the Redis key, the group member: where to look
 * @param what what is wrong, with the value seen and the range allowed
 * @param remedy what to do
 */
public record Problem(String where, String what, String remedy) {

    private static final int MOST_CHARACTERS = 600;

    public Problem {
        where = OneLine.of(where, MOST_CHARACTERS);
        what = OneLine.of(what, MOST_CHARACTERS);
        remedy = OneLine.of(remedy, MOST_CHARACTERS);
    }

    /** One line for a log or a terminal. */
    @Override
    public String toString() {
        return where + ": " + what + "; " + remedy;
    }
}
