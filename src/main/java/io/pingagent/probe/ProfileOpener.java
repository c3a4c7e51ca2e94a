package io.pingagent.probe;

import io.pingagent.model.ProbeProfile;

/** Port: opens sockets for a profile. Called by the thread that changes targets and jobs. */
@FunctionalInterface
public interface ProfileOpener {

    /**
     * Opens them, also if the interface or source that the profile names does not exist yet.
     *
     * @param identifier first ICMP identifier, 1 to 65,535, which no other socket of the engine uses
     * @throws io.pingagent.base.NotPermittedException if a right is missing
     * @throws io.pingagent.base.ServiceUnreachableException if the system refuses for any other reason
     */
    Sockets open(ProbeProfile profile, int identifier);
}
