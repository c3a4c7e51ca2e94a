package io.pingagent.cli.ping;

import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.cli.shell.Numbers;
import org.jspecify.annotations.Nullable;

/** Checks the numbers of options. Stateless. */
final class OptionRanges {

    private OptionRanges() {}

    /** @throws CommandFailure if there is a value, and it is not between the two, both included */
    static void check(String option, @Nullable Number value, Number least, Number most) {
        if (value != null
                && !(value.doubleValue() >= least.doubleValue() && value.doubleValue() <= most.doubleValue())) {
            throw CommandFailure.usage(option + " takes " + Numbers.plain(least) + " to " + Numbers.plain(most)
                    + ", not " + Numbers.plain(value));
        }
    }
}
