package io.pingagent.base;

/** The product's version. Stateless. */
public final class Version {

    private static final String NOT_BUILT = "development";

    private Version() {}

    /** What the build wrote into the jar's manifest, or {@code development} when not run from the jar. */
    public static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? NOT_BUILT : version;
    }
}
