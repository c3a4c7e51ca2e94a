package io.pingagent.cli;

import io.pingagent.app.demo.DemoRequest;
import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.cli.shell.Context;
import io.pingagent.cli.shell.Durations;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Everything on one machine, to look at. */
@Command(
        name = "demo",
        description = {
            "Runs everything on this machine, with a live table.",
            "It has its own Redis and a job with sample addresses on loopback, some of which do not answer.",
            "It touches no other Redis and no network."
        })
final class DemoCommand implements Runnable {

    private final Context context;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            description = "End after this time, as in 30s (default: q or Ctrl-C).")
    private @Nullable String duration;

    @Option(
            names = "--targets",
            paramLabel = "N",
            description = "Sample addresses, 2 to 10000 (default: ${DEFAULT-VALUE}).",
            defaultValue = "12")
    private int targets;

    DemoCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        if (targets < 2 || targets > 10_000) {
            throw CommandFailure.usage("--targets takes 2 to 10000, not " + targets);
        }
        DemoRequest request =
                new DemoRequest(duration == null ? Duration.ZERO : Durations.parse("--duration", duration), targets);
        BooleanSupplier stopRequested = context.interrupt().listen();
        DemoScreen screen = new DemoScreen(context.terminal(), stopRequested);
        try (screen) {
            context.operations().demo(request, screen, screen::leaving);
        }
        screen.printLastFrame();
    }
}
