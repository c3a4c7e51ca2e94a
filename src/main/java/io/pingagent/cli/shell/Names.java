package io.pingagent.cli.shell;

import io.pingagent.model.KeyNames;
import java.util.Locale;

/** Rules for the names of jobs, groups and agents, which become parts of Redis keys. */
public final class Names {

    private Names() {}

    /**
     * @param what as in {@code "job"}
     * @throws CommandFailure if the name is empty, too long or holds white space or control characters, or a group's holds a comma
     */
    public static String check(String what, String name) {
        return check(what, name, KeyNames.MOST_CHARACTERS);
    }

    /** Same, for a name of its own limit of characters. */
    public static String check(String what, String name, int mostCharacters) {
        if (name.indexOf('\ufffd') >= 0) {
            // What bytes become that are not text; two different names would be one.
            throw CommandFailure.usage("'" + name
                    + "' holds U+FFFD, which stands for characters that were lost; write the" + " name in UTF-8");
        }
        if (!KeyNames.isValid(name, mostCharacters)) {
            throw CommandFailure.usage(String.format(
                    Locale.ROOT,
                    "'%s' cannot be the name of %s: 1 to %d characters without white space",
                    name,
                    what.equals("agent") ? "an agent" : "a " + what,
                    mostCharacters));
        }
        if (what.equals("group") && name.indexOf(',') >= 0) {
            throw CommandFailure.usage("'" + name + "' cannot be the name of a group: commas stand between names; "
                    + "write one name without a comma");
        }
        return name;
    }
}
