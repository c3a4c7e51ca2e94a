package io.pingagent.bench;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.exceptions.JedisException;

/** A Redis server of its own, without persistence, on a free port of the namespace. One thread. */
final class Redis implements AutoCloseable {

    private static final int GROUP_MEMBERS = 10_000;
    private static final int START_LIMIT_MILLIS = 10_000;

    private static final int TIMEOUT_MILLIS = 30_000;

    private final int port;
    private final Process process;
    private final Path directory;

    Redis() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        directory = Files.createTempDirectory("ping-agent-bench-redis-");
        List<String> command = List.of(
                "redis-server",
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                directory.toString());
        process = new ProcessBuilder(Processes.guarded(command))
                .redirectErrorStream(true)
                .redirectOutput(new File("/dev/null"))
                .start();
        for (int waited = 0; !answers(); waited += 20) {
            if (waited > START_LIMIT_MILLIS || !process.isAlive()) {
                close();
                throw new IOException("redis-server does not start on port " + port);
            }
            Processes.pauseMillis(20);
        }
    }

    private boolean answers() {
        try (Jedis redis = connect()) {
            return "PONG".equals(redis.ping());
        } catch (JedisException e) {
            return false;
        }
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    String url() {
        return "redis://127.0.0.1:" + port + "/0";
    }

    /** The caller closes it. */
    Jedis connect() {
        return new Jedis(
                new HostAndPort("127.0.0.1", port),
                DefaultJedisClientConfig.builder()
                        .resp2()
                        .timeoutMillis(TIMEOUT_MILLIS)
                        .build());
    }

    /**
     * Writes one job that probes the first {@code addresses} every 10 s, in groups of {@value #GROUP_MEMBERS}, and the group
     * {@code zabbix} with the first {@code zabbixAddresses} of them.
     */
    void loadCatalogue(int addresses, int zabbixAddresses) {
        try (Jedis redis = connect()) {
            List<String> groups = new ArrayList<>();
            Pipeline pipeline = redis.pipelined();
            for (int first = 0; first < addresses; first += GROUP_MEMBERS) {
                String group = "g" + first / GROUP_MEMBERS;
                groups.add('"' + group + '"');
                addMembers(pipeline, group, first, Math.min(addresses, first + GROUP_MEMBERS));
                pipeline.sync();
            }
            if (zabbixAddresses > 0) {
                groups.add("\"zabbix\"");
                addMembers(pipeline, "zabbix", 0, Math.min(addresses, zabbixAddresses));
            }
            pipeline.set(
                    "job_bench",
                    "{\"SPEC\":\"*/10 * * * * *\",\"name\":\"bench\",\"group\":[" + String.join(",", groups) + "]}");
            pipeline.sadd("job-list", "bench");
            pipeline.sync();
        }
    }

    private static void addMembers(Pipeline pipeline, String group, int from, int until) {
        for (int first = from; first < until; first += 1_000) {
            String[] members = new String[Math.min(1_000, until - first)];
            for (int i = 0; i < members.length; i++) {
                members[i] = AddressRange.text(first + i);
            }
            pipeline.sadd("group_" + group, members);
        }
        pipeline.sadd("group-list", group);
    }

    @Override
    public void close() throws IOException {
        Processes.stop(process, 5);
        Files.deleteIfExists(directory);
    }
}
