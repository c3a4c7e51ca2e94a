package io.pingagent.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A zabbix_agentd on a loopback port of its own, asked by zabbix_get. Needs no server. */
public final class ZabbixAgentd implements AutoCloseable {

    private final Path directory;
    private final ZabbixGet get;
    private final ZabbixProcess process;

    private ZabbixAgentd(Path directory, int port, ZabbixProcess process) {
        this.directory = directory;
        this.get = new ZabbixGet(port);
        this.process = process;
    }

    /** Aborts or fails the test where the programs are missing. */
    public static void require() {
        Requires.program("zabbix_agentd", "zabbix-agent");
        Requires.program("zabbix_get", "zabbix-agent");
    }

    /**
     * Starts one and waits until it answers.
     *
     * @param lines of its configuration, beside address, port and log
     */
    public static ZabbixAgentd started(List<String> lines) {
        try {
            Path directory = Files.createTempDirectory("ping-agent-zabbix-agentd-");
            int port = ZabbixProcess.freePort();
            List<String> all = new ArrayList<>(List.of(
                    "Server=127.0.0.1",
                    "ListenIP=127.0.0.1",
                    "ListenPort=" + port,
                    "LogType=console",
                    "PidFile=" + directory.resolve("agentd.pid"),
                    "StartAgents=2",
                    // Scripts of a busy machine: the default is 3 s.
                    "Timeout=30",
                    "AllowRoot=1"));
            all.addAll(lines);
            Path configuration = Files.write(directory.resolve("agentd.conf"), all);
            ZabbixProcess process = ZabbixProcess.start(
                    TestLogs.newLog("zabbix-agentd"),
                    "TERM",
                    Map.of(),
                    List.of("zabbix_agentd", "-f", "-c", configuration.toString()));
            ZabbixAgentd agent = new ZabbixAgentd(directory, port, process);
            try {
                agent.awaitReady();
                return agent;
            } catch (IOException | RuntimeException e) {
                agent.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitReady() throws IOException {
        if (!get.awaitAnswer(process)) {
            throw new IOException("zabbix_agentd does not start:\n" + process.log());
        }
    }

    /** On 127.0.0.1. */
    public int port() {
        return get.port();
    }

    /** The value of an item without its last line end. */
    public String get(String key) {
        return get.value(key);
    }

    public String log() {
        return process.log();
    }

    @Override
    public void close() {
        process.close();
        Directories.delete(directory);
    }
}
