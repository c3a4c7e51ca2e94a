package io.pingagent.agent.report;

import io.pingagent.base.AnyThread;

/** Port: probes that the kernel would not send. */
@AnyThread
public interface SendErrorTally {

    /** How many there were since the start. */
    long sendErrors();

    /** The error of the last of them; 0 before the first. */
    int lastSendErrno();

    /** The target of the last of them. */
    int lastSendErrorTarget();
}
