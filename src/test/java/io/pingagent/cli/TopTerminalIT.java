package io.pingagent.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.testkit.Pty;
import io.pingagent.testkit.RedisServer;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.SentSignals;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** {@code top} in a real terminal, started by a shell with job control. */
class TopTerminalIT {

    private static final String PROMPT = "ready> ";
    private static final String TITLE = "ping-agent top";
    private static final String ALTERNATE = "\u001b[?1049h";
    private static final String NORMAL = "\u001b[?1049l";

    private RedisServer server;
    private Pty terminal;
    private Process shell;

    @BeforeEach
    void start() throws Exception {
        Requires.redisServer();
        Requires.program("setsid", "util-linux");
        server = RedisServer.started();
        try (Jedis redis = new Jedis(server.url())) {
            redis.sadd("agent-list", "gza");
        }
        terminal = new Pty();
        shell = terminal.start(
                Map.of(
                        "PS1",
                        PROMPT,
                        "TERM",
                        "xterm",
                        "ENV",
                        "/dev/null",
                        "LC_ALL",
                        "C.UTF-8",
                        // Not typed: a terminal takes lines of 4,096 characters.
                        "CLASSPATH",
                        System.getProperty("java.class.path"),
                        "PING_AGENT_REDIS_URL",
                        server.url().toString()),
                List.of("sh", "-i"));
        terminal.await(PROMPT, 0);
    }

    @AfterEach
    void stop() throws Exception {
        terminal.close();
        server.close();
    }

    private int startTop() throws InterruptedException {
        int before = terminal.length();
        terminal.type(Path.of(System.getProperty("java.home"), "bin", "java") + " io.pingagent.cli.Main top\n");
        return terminal.await(TITLE, terminal.await(ALTERNATE, before));
    }

    private String terminalModes() throws InterruptedException {
        int before = terminal.length();
        terminal.type("stty -a; echo mo''des\n");
        terminal.await("modes\r\n", before);
        return terminal.since(before);
    }

    private void assertUsual(String modes) {
        assertTrue(modes.contains(" icanon"), modes);
        assertTrue(modes.contains(" echo "), modes);
        assertTrue(modes.contains("quit = ^\\"), modes);
    }

    private void endShell() throws InterruptedException {
        terminal.type("exit\n");
        assertTrue(shell.waitFor(60, TimeUnit.SECONDS));
    }

    @Test
    void ctrlZGivesTheTerminalBackAndFgTakesItAgain() throws Exception {
        int shown = startTop();
        for (int round = 0; round < 2; round++) {
            terminal.type("\u001a");
            terminal.await(PROMPT, terminal.await(NORMAL, shown));
            assertUsual(terminalModes());
            int before = terminal.length();
            terminal.type("fg\n");
            shown = terminal.await(TITLE, terminal.await(ALTERNATE, before));
        }
        // A key alone, without the end of a line.
        terminal.type("q");
        terminal.await(PROMPT, terminal.await(NORMAL, shown));
        assertUsual(terminalModes());
        endShell();
    }

    /** One address that answers, and one that does not. */
    private void writeStatus() {
        try (Jedis redis = new Jedis(server.url())) {
            redis.set("agent-online_gza", "online");
            redis.set("agent-all-ip-status_gza", """
                    {"192.0.2.1":{"SendCount":6,"ReturnCount":6,"ip":"192.0.2.1","InErrList":false},
                    "192.0.2.2":{"SendCount":60,"ReturnCount":0,"ip":"192.0.2.2","InErrList":true}}""");
            redis.set("agent-ip-last-ms_gza_192.0.2.1", "12.5");
        }
    }

    private ProcessHandle top() {
        return shell.descendants()
                .filter(process -> process.info().command().orElse("").endsWith("java"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void enterOpensTheHistogramOfTheChosenAddressAndKeysLeadBack() throws Exception {
        writeStatus();
        int shown = startTop();
        // As ISO 8859-1: the cross of a lost probe.
        String cross = "\u00e2\u009c\u0095";
        shown = terminal.await(cross, terminal.await("> ", shown));
        // The second address, by an arrow. Back by escape, then by q.
        terminal.type("\u001b[B\r");
        shown = terminal.await("192.0.2.1\u001b[0m  gza  last 60 s", shown);
        shown = terminal.await("max 12.5 ms", shown);
        shown = terminal.await("one reading of Redis a second", shown);
        terminal.type("\u001b");
        shown = terminal.await(TITLE, shown);
        terminal.type("k\r");
        shown = terminal.await("192.0.2.2\u001b[0m  gza  last 60 s", shown);
        shown = terminal.await("(100%)", shown);
        terminal.type("q");
        shown = terminal.await(TITLE, shown);
        terminal.type("q");
        terminal.await(PROMPT, terminal.await(NORMAL, shown));
        assertUsual(terminalModes());
        endShell();
    }

    @Test
    void sigtermGivesTheTerminalBackWhileAHistogramIsOpen() throws Exception {
        writeStatus();
        int shown = terminal.await("192.0.2.2", startTop());
        terminal.type("\r");
        shown = terminal.await("(Enter, Esc or q closes)", shown);
        SentSignals.send(top().pid(), "TERM");
        terminal.await(PROMPT, terminal.await(NORMAL, shown));
        assertUsual(terminalModes());
        endShell();
    }

    @Test
    void oneThatWasStoppedFromElsewhereHasItsKeysAgain() throws Exception {
        int shown = startTop();
        SentSignals.send(top().pid(), "STOP");
        terminal.await(PROMPT, shown);
        int before = terminal.length();
        terminal.type("stty sane; echo sa''ne\n");
        before = terminal.await("sane\r\n", before);
        terminal.type("fg\n");
        shown = terminal.await(TITLE, terminal.await(ALTERNATE, before));
        terminal.type("q");
        terminal.await(PROMPT, terminal.await(NORMAL, shown));
        endShell();
    }

    @Test
    void ctrlBackslashWritesNothing() throws Exception {
        int shown = startTop();
        terminal.type("\u001c");
        // Two more frames.
        int later = terminal.await(TITLE, terminal.await(TITLE, shown));
        terminal.type("q");
        terminal.await(PROMPT, terminal.await(NORMAL, later));
        String all = terminal.since(shown);
        assertFalse(all.contains("Full thread dump"), all);
        assertFalse(all.contains("ping-stop"), all);
        endShell();
    }
}
