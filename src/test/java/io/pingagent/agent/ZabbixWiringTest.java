package io.pingagent.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.agent.catalogue.KnownHosts;
import io.pingagent.agent.catalogue.LabelBook;
import io.pingagent.agent.catalogue.ZabbixTargets;
import io.pingagent.agent.catalogue.ZabbixTargetsTest;
import io.pingagent.app.doctor.Check;
import io.pingagent.app.zabbix.ZabbixCommands;
import io.pingagent.config.Config;
import io.pingagent.config.ConfigException;
import io.pingagent.config.ConfigLoader;
import io.pingagent.model.TlsSettings;
import io.pingagent.model.ZabbixServer;
import io.pingagent.model.ZabbixValue;
import io.pingagent.probe.SystemNanoClock;
import io.pingagent.redis.catalogue.GroupHostsReader.GroupHosts;
import io.pingagent.testkit.SecretFiles;
import io.pingagent.zabbix.AddressItem;
import io.pingagent.zabbix.BridgeSettings;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZabbixWiringTest {

    @TempDir
    Path directory;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void configure() {
        environment.put("PING_AGENT_AGENT_NAME", "gza");
        environment.put("PING_AGENT_ZABBIX_SERVERS", "zbx1,[2001:db8::1]:10052");
        environment.put("PING_AGENT_ZABBIX_BUFFER_DIRECTORY", directory.toString());
    }

    private Config config() {
        return ConfigLoader.load(Path.of("/dev/null"), environment);
    }

    @Test
    void takesEverySettingOver() {
        environment.put("PING_AGENT_ZABBIX_HOST", "probe in Guangzhou");
        environment.put("PING_AGENT_ZABBIX_PUSH_INTERVAL", "30s");
        environment.put("PING_AGENT_ZABBIX_DISCOVERY_INTERVAL", "5m");
        environment.put("PING_AGENT_ZABBIX_ITEMS", "loss,rtt.max");
        environment.put("PING_AGENT_ZABBIX_ERR_LIST_ONLY", "true");
        environment.put("PING_AGENT_ZABBIX_HOST_PER_ADDRESS", "true");
        environment.put("PING_AGENT_ZABBIX_DOWN_AFTER", "5");
        environment.put("PING_AGENT_ZABBIX_UP_AFTER", "7");
        environment.put("PING_AGENT_ZABBIX_BUFFER_MAX_SIZE", "2MiB");
        environment.put("PING_AGENT_ZABBIX_BUFFER_MAX_AGE", "1h");
        BridgeSettings settings = config().zabbix().bridge();
        assertEquals("gza", settings.agent());
        assertEquals("probe in Guangzhou", settings.host().name());
        assertEquals(
                List.of(new ZabbixServer("zbx1", 10_051), new ZabbixServer("2001:db8::1", 10_052)),
                settings.access().servers());
        assertEquals(Duration.ofSeconds(30), settings.values().pushInterval());
        assertEquals(Duration.ofMinutes(5), settings.values().discoveryInterval());
        assertEquals(
                EnumSet.of(AddressItem.LOSS, AddressItem.RTT_MAX),
                settings.values().items());
        assertTrue(settings.values().errListOnly());
        assertEquals(5, settings.thresholds().downAfter());
        assertEquals(7, settings.thresholds().upAfter());
        assertEquals(2 << 20, settings.buffer().maxBytes());
        assertEquals(Duration.ofHours(1), settings.buffer().maxAge());
        assertInstanceOf(TlsSettings.Unencrypted.class, settings.access().tls());
    }

    @Test
    void agentsOfOneMachineShareNoBuffer() {
        assertEquals(
                directory.resolve("gza"), config().zabbix().bridge().buffer().directory());
        environment.put("PING_AGENT_AGENT_NAME", "../gzb");
        environment.put("PING_AGENT_ZABBIX_HOST", "gzb");
        Path other = config().zabbix().bridge().buffer().directory();
        assertEquals(directory, other.getParent());
        assertEquals(other, other.normalize());
    }

    @Test
    void everyItemOfTheConfigurationHasItsKey() {
        environment.put(
                "PING_AGENT_ZABBIX_ITEMS",
                "status, loss, rtt, rtt.min, rtt.max, jitter, rtt.p50, rtt.p95, rtt.p99, rtt.stddev, ttl, path");
        environment.put("PING_AGENT_PATH_ON_DOWN", "true");
        assertEquals(
                EnumSet.allOf(AddressItem.class),
                config().zabbix().bridge().values().items());
    }

    @Test
    void tellsAKeyFileThatCannotBeUsedByItsConfigurationKey() throws IOException {
        Path key = SecretFiles.write(directory.resolve("psk"), "not hexadecimal\n");
        environment.put("PING_AGENT_ZABBIX_TLS_CONNECT", "psk");
        environment.put("PING_AGENT_ZABBIX_TLS_PSK_IDENTITY", "gza");
        environment.put("PING_AGENT_ZABBIX_TLS_PSK_FILE", key.toString());
        List<Check> checks = new ZabbixCommands(config()).checks();
        assertEquals(1, checks.size());
        assertEquals(Check.Outcome.BAD_CONFIGURATION, checks.get(0).outcome());
        assertTrue(checks.get(0).found().contains("zabbix.tls-psk-file"), checks.toString());
    }

    @Test
    void saysThatAnotherAgentHasTheBuffer() throws IOException {
        Path queue = Files.createDirectories(directory.resolve("gza").resolve("queue"));
        try (FileChannel others =
                        FileChannel.open(queue.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = others.lock()) {
            assertTrue(lock.isValid());
            ConfigException e = assertThrows(
                    ConfigException.class,
                    () -> ZabbixWiring.bridge(
                            config(),
                            new ZabbixTargets(
                                    ZabbixTargetsTest.nothing(),
                                    new KnownHosts(names -> new GroupHosts(Map.of(), List.of(), List.of())),
                                    () -> LabelBook.EMPTY,
                                    List.of()),
                            null,
                            new SystemNanoClock()));
            assertEquals("zabbix.buffer.directory", e.problems().get(0).where());
            assertTrue(e.problems().get(0).what().contains("in use by another agent"), e.getMessage());
        }
    }

    @Test
    void withoutServersDoctorSaysThatThereAreNone() {
        environment.remove("PING_AGENT_ZABBIX_SERVERS");
        List<Check> checks = new ZabbixCommands(config()).checks();
        assertEquals(1, checks.size(), checks.toString());
        assertEquals(Check.Outcome.NOTE, checks.get(0).outcome());
    }

    @Test
    void aServerThatIsAwayIsTold() {
        environment.put("PING_AGENT_ZABBIX_SERVERS", "127.0.0.1:9");
        Check check = new ZabbixCommands(config()).checks().get(0);
        assertEquals(Check.Outcome.SERVICE_UNREACHABLE, check.outcome());
        assertTrue(check.found().contains("127.0.0.1:9"), check.toString());
    }

    @Test
    void quotesAsZabbixSenderReadsIt() {
        assertEquals(
                "\"gza\" \"ping.rtt[\\\"192.0.2.1\\\"]\" 1700000000 5 \"a\\\\b\"",
                ZabbixCommands.senderLine(
                        new ZabbixValue("gza", "ping.rtt[\"192.0.2.1\"]", "a\\b", 1_700_000_000L, 5)));
    }
}
