package io.pingagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.testkit.Requires;
import io.pingagent.testkit.SentSignals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SIGTERM at many moments of the agent's start: always status 0, and nothing that sounds like a failure. */
@Tag("root")
class EarlyStopIT {

    /** Java's own start, before it loads this class, cannot be covered: the unit takes its 143 for a success. */
    private static final String FIRST = "io.pingagent.cli.shell.Context";

    @BeforeAll
    static void requires() {
        Requires.rawSockets();
    }

    /** @param loaded the class that has just been loaded when the signal is sent */
    @ParameterizedTest
    @ValueSource(
            strings = {
                FIRST,
                "picocli.CommandLine",
                "io.pingagent.cli.RunCommand",
                "io.pingagent.config.ConfigLoader",
                "io.pingagent.app.LocalOperations",
                "org.apache.logging.log4j.LogManager",
                "org.apache.logging.log4j.core.config.xml.XmlConfiguration",
                "io.pingagent.app.Service",
                "io.pingagent.agent.Agent",
                "io.pingagent.sys.RawSocket",
                "io.pingagent.probe.Engine",
                "io.pingagent.redis.writer.StateWriter",
                "org.quartz.impl.StdSchedulerFactory",
                "org.quartz.simpl.RAMJobStore",
                "io.pingagent.agent.catalogue.Reloader",
                "io.pingagent.agent.watch.PeriodicTasks",
                "io.pingagent.jobs.CronSpec",
                "org.quartz.impl.triggers.SimpleTriggerImpl",
                "redis.clients.jedis.Jedis"
            })
    void aStopDuringTheStartIsASuccess(String loaded, @TempDir Path directory) throws Exception {
        Path classes = directory.resolve("classes.log");
        Path log = directory.resolve("agent.log");
        Process agent = start(classes, log);
        try {
            awaitLoaded(agent, classes, loaded, log);
            SentSignals.send(agent.pid(), "TERM");
            assertTrue(agent.waitFor(30, TimeUnit.SECONDS), "it does not end: " + Files.readString(log));
            String said = Files.readString(log);
            assertEquals(0, agent.exitValue(), said);
            assertFalse(said.contains("Exception"), said);
            assertFalse(said.contains("closed"), said);
            assertFalse(said.contains("ERROR"), said);
            assertFalse(said.contains("unexpected"), said);
        } finally {
            agent.destroyForcibly();
        }
    }

    @Test
    void theUnitTakesAStopBeforeJavaHearsSignalsForASuccess() throws IOException {
        Path unit = Path.of("packaging/linux/systemd/ping-agent.service.in");
        assertTrue(Files.readAllLines(unit).contains("SuccessExitStatus=143"));
    }

    /** The hook that ends a stopped agent with 0 must not do so for one that could not start. */
    @Test
    void aStartThatFailsKeepsItsStatus(@TempDir Path directory) throws Exception {
        Path log = directory.resolve("agent.log");
        Process agent = start(directory.resolve("classes.log"), log, "PING_AGENT_PROBE_SOURCE", "192.0.2.77");
        try {
            assertTrue(agent.waitFor(60, TimeUnit.SECONDS), "it does not end: " + Files.readString(log));
        } finally {
            agent.destroyForcibly();
        }
        assertEquals(69, agent.exitValue(), Files.readString(log));
        assertTrue(Files.readString(log).contains("probe.source 192.0.2.77: no interface has this address"));
    }

    private static Process start(Path classes, Path log, String... variable) throws IOException {
        ProcessBuilder builder = MainProcess.builder(
                        List.of("-Xlog:class+load:file=" + classes + "::filecount=0"), "run")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("PING_AGENT_CONFIG", "/dev/null");
        builder.environment().put("PING_AGENT_AGENT_NAME", "early");
        if (variable.length > 0) {
            builder.environment().put(variable[0], variable[1]);
        }
        return builder.start();
    }

    /** Looks as often as it can: the sooner the signal comes, the more it shows. */
    private static void awaitLoaded(Process agent, Path classes, String loaded, Path log) throws Exception {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Files.exists(classes) || !Files.readString(classes).contains(" " + loaded + " ")) {
            assertTrue(agent.isAlive(), () -> "it has ended: " + agent.exitValue());
            assertTrue(System.nanoTime() - deadlineNanos < 0, "never loaded: " + loaded + Files.readString(log));
            Thread.sleep(5);
        }
    }
}
