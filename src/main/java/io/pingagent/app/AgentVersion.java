package io.pingagent.app;

/** The version in the jar's manifest. */
final class AgentVersion {

    private AgentVersion() {}

    /** {@code development} when not run from the jar. */
    static String text() {
        String version = AgentVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
