package io.pingagent.model;

/** Limits of the names of agents, jobs and groups, which become parts of Redis keys. Stateless. */
public final class KeyNames {

    /** Of an agent that is given its name here, in UTF-16 characters. */
    public static final int MOST_AGENT_CHARACTERS = 128;

    /** Of jobs and groups, and of agents whose keys are read: others may have named them. UTF-16 characters. */
    public static final int MOST_CHARACTERS = 200;

    private KeyNames() {}

    /** Whether the name has 1 to {@code mostCharacters} characters, none of them white space or a control character. */
    public static boolean isValid(String name, int mostCharacters) {
        return !name.isEmpty()
                && name.length() <= mostCharacters
                && name.codePoints()
                        .noneMatch(c ->
                                Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.isISOControl(c));
    }
}
