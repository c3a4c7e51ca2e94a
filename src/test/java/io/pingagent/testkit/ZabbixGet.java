package io.pingagent.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Asks a Zabbix agent on a loopback port by zabbix_get. Any thread.
 *
 * @param port on 127.0.0.1
 */
record ZabbixGet(int port) {

    private static final long LIMIT_NANOS = 60_000_000_000L;

    /** The value of an item without its last line end. */
    String value(String key) {
        try {
            // Scripts and plugins of a busy machine: the default is 3 s.
            return Command.run("zabbix_get", "-s", "127.0.0.1", "-p", Integer.toString(port), "-t", "30", "-k", key)
                    .output()
                    .stripTrailing();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the agent answers; false if its process ends or a minute passes before. */
    boolean awaitAnswer(ZabbixProcess process) throws IOException {
        long deadlineNanos = System.nanoTime() + LIMIT_NANOS;
        while (!value("agent.ping").strip().equals("1")) {
            if (!process.isAlive() || System.nanoTime() > deadlineNanos) {
                return false;
            }
            ZabbixStack.sleepMillis(50);
        }
        return true;
    }
}
