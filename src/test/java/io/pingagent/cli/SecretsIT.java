package io.pingagent.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.testkit.RedisServer;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.SecretFiles;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;

/** Files of secrets that everybody may read are refused, and nothing that is printed shows a secret. */
@Order(1)
@Tag("root")
class SecretsIT {

    private static final String SECRET = "s3cret-of-redis";
    private static final String PSK = "0123456789abcdef0123456789abcdef";

    private static RedisServer server;

    @TempDir
    Path directory;

    private final Cli cli = new Cli();

    @BeforeAll
    static void start() {
        server = RedisServer.started("--requirepass", SECRET);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private Path secret(String rights, String text) throws IOException {
        Path file = SecretFiles.write(directory.resolve("secret"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
    }

    private Map<String, String> pskOf(Path file) {
        return Map.of(
                "PING_AGENT_ZABBIX_TLS_CONNECT", "psk",
                "PING_AGENT_ZABBIX_TLS_PSK_IDENTITY", "gza",
                "PING_AGENT_ZABBIX_TLS_PSK_FILE", file.toString());
    }

    private Map<String, String> certificateOf(Path key) throws IOException {
        Path certificate = Files.writeString(directory.resolve("certificate.pem"), "x");
        return Map.of(
                "PING_AGENT_ZABBIX_TLS_CONNECT", "cert",
                "PING_AGENT_ZABBIX_TLS_CA_FILE", certificate.toString(),
                "PING_AGENT_ZABBIX_TLS_CERT_FILE", certificate.toString(),
                "PING_AGENT_ZABBIX_TLS_KEY_FILE", key.toString());
    }

    private Map<String, String> redisKeyOf(Path key) throws IOException {
        Path certificate = Files.writeString(directory.resolve("certificate.pem"), "x");
        return Map.of(
                "PING_AGENT_REDIS_URL", "rediss://localhost",
                "PING_AGENT_REDIS_TLS_CERTIFICATE_FILE", certificate.toString(),
                "PING_AGENT_REDIS_TLS_KEY_FILE", key.toString());
    }

    @Test
    void aSecretThatEverybodyMayReadIsOneLineWithTheRemedy() throws IOException {
        Path file = secret("rw-r--r--", PSK);
        for (Map<String, String> settings : List.of(
                Map.of("PING_AGENT_REDIS_PASSWORD_FILE", file.toString()),
                pskOf(file),
                certificateOf(file),
                redisKeyOf(file))) {
            for (String command : List.of("check-config", "run", "status")) {
                Cli each = new Cli();
                each.environment.putAll(settings);
                Cli.Result result = each.run(command);
                String variable = result.err().split(": ", -1)[2];
                assertTrue(settings.get(variable).equals(file.toString()), result.err());
                assertEquals(
                        "ping-agent: environment: " + variable + ": every user of this machine may read '" + file
                                + "'; chmod o-rwx " + file + "\n",
                        result.err());
                assertEquals(78, result.status());
            }
        }
    }

    @Test
    void aConfigurationWithAPasswordThatEverybodyMayReadIsAWarning() throws IOException {
        Path file = secret("rw-r--r--", "redis: {password: " + SECRET + "}\n");
        Cli.Result result = cli.run("check-config", "--config", file.toString());
        assertEquals(
                "ping-agent: " + file + ": it holds a password, and every user of this machine may read '" + file
                        + "'; chmod o-rwx " + file + "\n",
                result.err());
        assertEquals(0, result.status());
        String line =
                "warn  configuration     " + file + ": it holds a password, and every user of this machine may read '"
                        + file + "'; chmod o-rwx " + file + "\n";
        String doctor = cli.run("doctor", "--config", file.toString()).out();
        assertTrue(doctor.contains(line), doctor);
        for (String harmless : List.of("redis: {password: " + SECRET + "}\n", "redis: {user: u}\n")) {
            Path other = secret(harmless.contains(SECRET) ? "rw-r-----" : "rw-r--r--", harmless);
            assertEquals(
                    "", cli.run("check-config", "--config", other.toString()).err());
            String well = cli.run("doctor", "--config", other.toString()).out();
            assertFalse(well.contains("it holds a password"), well);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"check-config", "status", "doctor", "job list", "group add g 192.0.2.1", "agent show gza"})
    void noCommandShowsAPassword(String command) {
        for (String password : List.of(SECRET, "wrong-" + SECRET)) {
            for (Map<String, String> settings : List.of(
                    Map.of("PING_AGENT_REDIS_URL", "redis://default:" + password + "@127.0.0.1:" + server.port()),
                    Map.of("PING_AGENT_REDIS_URL", server.url().toString(), "PING_AGENT_REDIS_PASSWORD", password),
                    Map.of("PING_AGENT_REDIS_URL", "redis://u:" + password + "/@127.0.0.1"),
                    Map.of("PING_AGENT_REDIS_URL", "redis://u:" + password + "%@127.0.0.1"),
                    Map.of("PING_AGENT_REDIS_PASSWORD", password + "\n"),
                    Map.of("PING_AGENT_REDIS_PASSWORD_FILE", password))) {
                Cli each = new Cli();
                each.environment.putAll(settings);
                List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
                words.add("--debug");
                Cli.Result result = each.run(words.toArray(String[]::new));
                assertFalse((result.out() + result.err()).contains(SECRET), result.out() + result.err());
            }
        }
    }

    /** Everything that can be logged, from the start to the stop, and what ps shows. */
    @Test
    void theAgentShowsNoSecret() throws Exception {
        Requires.rawSockets();
        Path key = SecretFiles.write(directory.resolve("psk"), PSK);
        Path configuration = SecretFiles.write(
                directory.resolve("agent.yaml"),
                "agent: {name: gza}\nredis: {url: \"redis://default:" + SECRET + "@127.0.0.1:" + server.port() + "\"}\n"
                        + "zabbix: {servers: [\"127.0.0.1:9\"], tls-connect: psk, tls-psk-identity: me, tls-psk-file: "
                        + key
                        + ", push-interval: 1s, buffer: {directory: " + directory + "}}\n");
        Path log = directory.resolve("log");
        ProcessBuilder builder = MainProcess.builder(
                List.of(), "run", "--debug", "--log-level", "trace", "--config", configuration.toString());
        builder.environment().remove("PING_AGENT_REDIS_URL");
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(new File("/dev/null"))
                .start();
        try (Jedis redis = new Jedis(
                new HostAndPort("127.0.0.1", server.port()),
                DefaultJedisClientConfig.builder().password(SECRET).build())) {
            awaitLine(log, "connected to Redis", process);
            assertFalse(Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                    .contains(SECRET));
            redis.configSet("requirepass", "another");
            redis.sadd("group_g", "127.0.0.1");
            redis.set("job_j", "{\"SPEC\":\"* * * * * *\",\"name\":\"j\",\"group\":[\"g\"]}");
            redis.sadd("job-list", "j");
            awaitLine(log, "no Zabbix server takes values", process);
            // Commands keep their connections through a change of the password.
            redis.sendCommand(Protocol.Command.CLIENT, "KILL", "TYPE", "normal", "SKIPME", "yes");
            awaitLine(log, "WRONGPASS", process);
        } finally {
            process.destroy();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        }
        try (Jedis redis = new Jedis(
                new HostAndPort("127.0.0.1", server.port()),
                DefaultJedisClientConfig.builder().password("another").build())) {
            redis.configSet("requirepass", SECRET);
        }
        String text = Files.readString(log);
        assertFalse(text.contains(SECRET), text);
        assertFalse(text.contains(PSK), text);
    }

    private static void awaitLine(Path log, String words, Process process) {
        await(words).atMost(60, TimeUnit.SECONDS).until(() -> {
            String said = Files.readString(log);
            assertTrue(process.isAlive(), said);
            return said.contains(words);
        });
    }
}
