package io.pingagent.cli;

import io.pingagent.app.Operations;
import io.pingagent.app.demo.DemoRequest;
import io.pingagent.app.demo.DemoView;
import io.pingagent.app.doctor.Check;
import io.pingagent.app.zabbix.ZabbixExplanation;
import io.pingagent.app.zabbix.ZabbixPush;
import io.pingagent.app.zabbix.ZabbixSetupRequest;
import io.pingagent.app.zabbix.ZabbixSetupResult;
import io.pingagent.cli.shell.Context;
import io.pingagent.cli.shell.Interrupt;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.config.Config;
import io.pingagent.imports.ZabbixImportResult;
import io.pingagent.model.TargetRow;
import io.pingagent.ping.PingListener;
import io.pingagent.ping.PingRequest;
import io.pingagent.trace.Hop;
import io.pingagent.trace.TraceListener;
import io.pingagent.trace.TraceRequest;
import io.pingagent.zabbix.api.ApiSettings;
import io.pingagent.zabbix.api.ZabbixImport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs commands in this process as a black box: arguments and standard input in, two streams and a status out. */
public final class Cli {

    /** What came of a command. */
    public record Result(int status, String out, String err) {

        public List<String> outLines() {
            return out.lines().toList();
        }
    }

    /** Answers for every address but those that end in {@code .9}; keeps what it was asked. */
    public static final class FakeOperations implements Operations {

        public final List<PingRequest> pings = new ArrayList<>();
        public final List<TraceRequest> traces = new ArrayList<>();
        /** What each round of a trace finds, one after the other. */
        public List<List<Hop>> rounds = List.of();

        final List<DemoRequest> demos = new ArrayList<>();
        final List<Config> runs = new ArrayList<>();
        List<Check> checks = List.of(Check.ok("raw sockets", "IPv4 and IPv6"));
        List<Check> zabbixChecks = List.of();
        Runnable beforeZabbixChecks = () -> {};
        int zabbixRefuses;
        List<Check> zabbixApiChecks = List.of();
        final List<ZabbixImport> imports = new ArrayList<>();
        ZabbixImportResult importResult = new ZabbixImportResult(
                "core", new ZabbixImportResult.Counts(0, 0, 0, 0, 0, 0), List.of(), List.of(), false);
        final List<ZabbixSetupRequest> setups = new ArrayList<>();
        ZabbixSetupResult setupResult = new ZabbixSetupResult(List.of(), List.of(), "7.0.22");
        ZabbixExplanation explanation = new ZabbixExplanation(0, 0, "http://127.0.0.1", 0, List.of());
        RuntimeException failure;

        @Override
        public void run(Config config, Supplier<Config> again) {
            fail();
            runs.add(config);
        }

        @Override
        public void demo(DemoRequest request, DemoView view, BooleanSupplier stopRequested) {
            fail();
            demos.add(request);
            view.say("Redis on 127.0.0.1:1");
            view.refresh(List.of(
                    new TargetRow("127.0.0.1", 10, 10, 41_000, 52_000, false),
                    new TargetRow("192.0.2.1", 10, 0, -1, -1, true)));
        }

        @Override
        public void trace(TraceRequest request, TraceListener listener, BooleanSupplier stopRequested) {
            fail();
            traces.add(request);
            for (int i = 0; i < request.plan().rounds() && !stopRequested.getAsBoolean(); i++) {
                rounds.forEach(hops -> listener.round(
                        request.address().equals(hops.get(hops.size() - 1).address()), hops));
                listener.passed();
            }
        }

        @Override
        public void ping(PingRequest request, PingListener listener, BooleanSupplier stopRequested) {
            fail();
            pings.add(request);
            int probes = request.plan().mode() == PingRequest.Mode.COUNT
                    ? request.plan().probes()
                    : 1;
            for (int probe = 0; probe < probes; probe++) {
                for (int target = 0; target < request.targets().size(); target++) {
                    if (request.targets().get(target).toString().endsWith(".9")) {
                        listener.lost(target, probe, 1_700_000_000_123_456_789L);
                    } else {
                        listener.replied(
                                target,
                                probe,
                                new PingListener.Reply(
                                        request.packet().payloadBytes() + 8,
                                        41_000,
                                        1_700_000_000_123_456_789L,
                                        64,
                                        request.readsTrafficClass() ? 0xb8 : -1));
                        if (stopRequested.getAsBoolean()) {
                            return;
                        }
                    }
                }
            }
        }

        @Override
        public List<Check> systemChecks(Config config) {
            return checks;
        }

        @Override
        public List<Check> zabbixChecks(Config config) {
            beforeZabbixChecks.run();
            return zabbixChecks;
        }

        @Override
        public String zabbixDiscovery(Config config, boolean errListOnly) {
            fail();
            return errListOnly ? "[]" : "[{\"{#IP}\":\"192.0.2.1\"}]";
        }

        @Override
        public ZabbixPush zabbixSend(Config config, boolean isDryRun, BooleanSupplier stopRequested) {
            fail();
            return new ZabbixPush(
                    2, 1, isDryRun ? null : "127.0.0.1:10051", 9, zabbixRefuses, List.of("\"gza\" \"k\" 1 2 \"3\""));
        }

        @Override
        public ZabbixImportResult zabbixImport(
                Config config, @Nullable ApiSettings api, ZabbixImport entry, boolean isDryRun, boolean isForced) {
            fail();
            imports.add(entry);
            return importResult;
        }

        @Override
        public List<Check> zabbixApiChecks(Config config, boolean valuesFail) {
            return zabbixApiChecks;
        }

        @Override
        public ZabbixSetupResult zabbixSetup(Config config, @Nullable ApiSettings api, ZabbixSetupRequest request) {
            fail();
            setups.add(request);
            return setupResult;
        }

        @Override
        public ZabbixExplanation zabbixExplain(
                Config config, @Nullable ApiSettings api, BooleanSupplier stopRequested) {
            fail();
            return explanation;
        }

        /** Everything is refused from now on. */
        public void refuse(RuntimeException why) {
            failure = why;
        }

        private void fail() {
            if (failure != null) {
                throw failure;
            }
        }
    }

    public final FakeOperations operations = new FakeOperations();
    public final Map<String, String> environment = new HashMap<>();
    private byte[] input = {};
    private boolean isTyped;

    public Cli() {
        // Whatever is configured on this machine must not matter.
        environment.put("PING_AGENT_AGENT_NAME", "gza");
    }

    public Cli redis(int port) {
        environment.put("PING_AGENT_REDIS_URL", "redis://127.0.0.1:" + port + "/0");
        return this;
    }

    public Cli input(String text) {
        input = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    /** Standard input is a terminal at which nobody types. */
    public Cli typed() {
        isTyped = true;
        return this;
    }

    public Result run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(input),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                isTyped,
                false,
                false);
        Context context = new Context(terminal, () -> operations, new Interrupt(false));
        int status = new Main(context).execute(arguments);
        return new Result(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
