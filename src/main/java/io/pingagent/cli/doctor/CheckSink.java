package io.pingagent.cli.doctor;

import io.pingagent.app.doctor.Check;

/** Takes the checks of {@code doctor} one by one. Called by one thread. */
interface CheckSink {

    /**
     * What is looked at from now on.
     *
     * @param name of the line that is printed should this take too long
     * @param remedy of that line
     */
    void begin(String name, String remedy);

    void add(Check check);
}
