package io.pingagent.dns;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.HostName;

/** The addresses of one family of one member: when they are asked for, and what the last answer was. */
@OwnedBy("ping-dns")
final class Question {

    final HostName host;
    final boolean isV6;

    /** When it is to be asked again. */
    long dueNanos;

    /** Whether its name is not watched any more. */
    boolean isDropped;
    /** Failed attempts since the last answer. */
    int failures;

    /** The last answer that counts; the first failures of a question that had an answer do not. */
    private Answer settled = Answer.none("");

    private boolean isSettled;

    Question(HostName host, boolean isV6, long dueNanos) {
        this.host = host;
        this.isV6 = isV6;
        this.dueNanos = dueNanos;
    }

    /** Whether the last attempts failed, so that it waits among the others of its kind. */
    boolean isTroubled() {
        return failures > 0;
    }

    boolean isSettled() {
        return isSettled;
    }

    Answer settled() {
        return settled;
    }

    void settle(Answer answer) {
        settled = answer;
        isSettled = true;
    }
}
