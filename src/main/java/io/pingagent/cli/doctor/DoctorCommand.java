package io.pingagent.cli.doctor;

import com.google.gson.stream.JsonWriter;
import io.pingagent.app.doctor.Check;
import io.pingagent.base.ExitStatus;
import io.pingagent.cli.shell.Ansi;
import io.pingagent.cli.shell.CommandConfig;
import io.pingagent.cli.shell.Context;
import io.pingagent.cli.shell.Json;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.config.Config;
import io.pingagent.config.ConfigException;
import io.pingagent.config.EffectiveConfig;
import io.pingagent.model.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Looks at everything the agent needs, and says what to do where something is missing. */
@Command(
        name = "doctor",
        description = {
            "Checks rights, socket buffers, Redis, keyspace notifications, clocks, jobs, the agent and Zabbix.",
            "One line each, with the remedy. The exit status is that of the worst failure.",
            "Rights and buffers are those that the running agent reports; without one, those of this process."
        })
public final class DoctorCommand implements Callable<Integer> {

    private static final int NAME_WIDTH = 16;

    private final Context context;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    DoctorCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        List<Check> checks = new ArrayList<>();
        AtomicReference<@Nullable Config> read = new AtomicReference<>();
        run(checks, "configuration", "look at the file systems and name servers that it needs", sink -> {
            read.set(checkConfig(sink));
        });
        Config config = read.get();
        if (config != null) {
            RedisChecks redis = new RedisChecks(config);
            run(
                    checks,
                    "redis",
                    "look at the server of redis.url, and at the name servers of this machine",
                    redis::run);
            if (!redis.agentReportsItsSockets()) {
                run(
                        checks,
                        "raw sockets",
                        "look at the probe.* keys of the configuration",
                        sink -> context.operations().systemChecks(config).forEach(sink::add));
            }
            run(
                    checks,
                    "zabbix",
                    "look at the servers of zabbix.servers, and at the name servers of this machine",
                    sink -> context.operations().zabbixChecks(config).forEach(sink::add));
            run(
                    checks,
                    "zabbix api",
                    "look at the frontend of zabbix.api-url, and at the name servers of this machine",
                    sink -> context.operations()
                            .zabbixApiChecks(config, fails(checks, "zabbix"))
                            .forEach(sink::add));
        }
        if (json) {
            Json.print(context.terminal(), out -> write(out, checks));
        }
        return checks.stream()
                .mapToInt(check -> check.outcome().exitStatus())
                .max()
                .orElse(ExitStatus.DONE);
    }

    private static boolean fails(List<Check> checks, String name) {
        return checks.stream()
                .anyMatch(check -> check.name().equals(name) && check.outcome().exitStatus() != ExitStatus.DONE);
    }

    private void run(List<Check> checks, String name, String remedy, Consumer<CheckSink> part) {
        new CheckDeadline()
                .run(
                        name,
                        sink -> {
                            sink.begin(name, remedy);
                            part.accept(sink);
                        },
                        check -> add(checks, check));
    }

    private @Nullable Config checkConfig(CheckSink sink) {
        try {
            EffectiveConfig effective = CommandConfig.effective(context, Map.of());
            Config config = effective.config();
            sink.add(Check.ok(
                    "configuration",
                    "agent '" + config.agent().name() + "', "
                            + config.redis().url().location()));
            for (Problem warning : effective.warnings()) {
                sink.add(Check.warn("configuration", warning.where() + ": " + warning.what(), warning.remedy()));
            }
            return config;
        } catch (ConfigException e) {
            for (Problem problem : e.problems()) {
                sink.add(Check.fail(
                        Check.Outcome.BAD_CONFIGURATION,
                        "configuration",
                        problem.where() + ": " + problem.what(),
                        problem.remedy()));
            }
            return null;
        }
    }

    /** Prints at once: a check that hangs must not hide the ones before it. */
    private void add(List<Check> checks, Check check) {
        checks.add(check);
        if (json) {
            return;
        }
        Terminal terminal = context.terminal();
        String word = String.format(Locale.ROOT, "%-4s", check.outcome().word());
        String name =
                check.name() + " ".repeat(Math.max(0, NAME_WIDTH - check.name().length()));
        terminal.out()
                .println(Ansi.paint(word, style(check.outcome()), terminal.colours()) + "  " + name + "  "
                        + Ansi.harmless(check.found())
                        + (check.remedy().isEmpty() ? "" : "; " + Ansi.harmless(check.remedy())));
        terminal.flush();
    }

    private static Ansi.Style style(Check.Outcome outcome) {
        return switch (outcome) {
            case OK -> Ansi.Style.GOOD;
            case NOTE -> Ansi.Style.PLAIN;
            case WARN -> Ansi.Style.WARNING;
            case SERVICE_UNREACHABLE, NOT_PERMITTED, BAD_CONFIGURATION -> Ansi.Style.BAD;
        };
    }

    private static void write(JsonWriter out, List<Check> checks) throws IOException {
        out.beginArray();
        for (Check check : checks) {
            out.beginObject();
            out.name("outcome").value(check.outcome().word());
            out.name("check").value(check.name());
            out.name("found").value(check.found());
            out.name("remedy").value(check.remedy());
            out.endObject();
        }
        out.endArray();
    }
}
