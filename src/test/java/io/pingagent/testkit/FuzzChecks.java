package io.pingagent.testkit;

import io.pingagent.model.Problem;
import java.util.Collection;

/** What fuzz targets assert of messages, whatever the text that they are about. */
public final class FuzzChecks {

    /** The three parts of a problem: no text of a stranger may fill a log. */
    private static final int MOST_CHARACTERS = 1_810;

    private FuzzChecks() {}

    /** Each names its place, says what is wrong and what to do, on one line of a bounded length. */
    public static void problems(Collection<Problem> problems, int most) {
        check(problems.size() <= most, problems.size() + " problems, at most " + most);
        for (Problem problem : problems) {
            check(!problem.where().isBlank(), "no place: " + problem);
            check(!problem.what().isBlank(), "no reason: " + problem);
            check(!problem.remedy().isBlank(), "no remedy: " + problem);
            message(problem.toString());
        }
    }

    /** One line of a bounded length, without anything that paints a terminal. */
    public static void message(String message) {
        check(message != null && !message.isBlank(), "no message");
        check(message.length() <= MOST_CHARACTERS, "a message of " + message.length() + " characters");
        check(message.chars().noneMatch(Character::isISOControl), "a control character in: " + message);
    }

    public static void check(boolean right, String otherwise) {
        if (!right) {
            throw new AssertionError(otherwise);
        }
    }
}
