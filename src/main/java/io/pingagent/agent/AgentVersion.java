package io.pingagent.agent;

/** The version in the jar's manifest. */
public final class AgentVersion {

    private AgentVersion() {}

    /** {@code development} when not run from the jar. */
    public static String text() {
        String version = AgentVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
