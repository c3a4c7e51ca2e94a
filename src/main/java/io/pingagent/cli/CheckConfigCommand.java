package io.pingagent.cli;

import io.pingagent.cli.shell.CommandConfig;
import io.pingagent.cli.shell.Context;
import io.pingagent.config.ConfigPrinter;
import io.pingagent.config.EffectiveConfig;
import java.util.Map;
import picocli.CommandLine.Command;

/** The effective configuration, or what is wrong with it. */
@Command(
        name = "check-config",
        description = {
            "Checks the configuration and prints what is in effect: file, environment and defaults.",
            "Secrets are hidden. Each problem is one line (exit status 78)."
        })
final class CheckConfigCommand implements Runnable {

    private final Context context;

    CheckConfigCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        EffectiveConfig effective = CommandConfig.effective(context, Map.of());
        context.terminal().out().print(ConfigPrinter.print(effective));
        effective.warnings().forEach(warning -> context.terminal().complain(warning.toString()));
    }
}
