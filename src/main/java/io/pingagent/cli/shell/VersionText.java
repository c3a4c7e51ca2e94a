package io.pingagent.cli.shell;

import io.pingagent.base.Version;
import picocli.CommandLine;

/** What {@code --version} prints. */
public final class VersionText implements CommandLine.IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"ping-agent " + Version.text(), "Java " + Runtime.version()};
    }
}
