package io.pingagent.cli;

import io.pingagent.cli.shell.CommandConfig;
import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.cli.shell.Context;
import io.pingagent.config.Config;
import io.pingagent.config.EffectiveConfig;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The agent, in the foreground. */
@Command(
        name = "run",
        description = {
            "Runs the agent in the foreground.",
            "SIGTERM and Ctrl-C stop it cleanly, SIGHUP reads jobs, groups and logging.level again."
        })
final class RunCommand implements Runnable {

    /** As the environment spells logging.level, so that it is checked like any other value. */
    private static final String LEVEL_VARIABLE = "PING_AGENT_LOGGING_LEVEL";

    private final Context context;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            description = "error, warn, info, debug or trace; wins over logging.level.")
    private @Nullable String logLevel;

    RunCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        Map<String, String> overrides = logLevel == null ? Map.of() : Map.of(LEVEL_VARIABLE, checkedLevel(logLevel));
        Supplier<Config> configuration =
                () -> CommandConfig.effective(context, overrides).config();
        EffectiveConfig effective = CommandConfig.effective(context, overrides);
        effective.warnings().forEach(warning -> context.terminal().complain(warning.toString()));
        context.operations().run(effective.config(), configuration);
    }

    private static String checkedLevel(String level) {
        String lower = level.toLowerCase(Locale.ROOT);
        if (!lower.matches("error|warn|info|debug|trace")) {
            throw CommandFailure.usage("--log-level takes error, warn, info, debug or trace, not '" + level + "'");
        }
        return lower;
    }
}
