package io.pingagent.cli.ping;

import picocli.CommandLine;

/** Reads the version that the build wrote into the jar. */
public final class Version implements CommandLine.IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"ping-agent " + number(), "Java " + Runtime.version()};
    }

    static String number() {
        String number = Version.class.getPackage().getImplementationVersion();
        return number == null ? "(development)" : number;
    }
}
