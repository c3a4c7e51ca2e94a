package io.pingagent.faults;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What can be wrong with a Redis server, its data, and the way to it. */
final class RedisFaults {

    private static final String AWAY = "Redis at .* is unreachable";
    /** A check of a server that says nothing may end before the connection does. */
    private static final String AWAY_OR_SILENT = AWAY + "|no answer within";

    private static final String AWAY_IN_ZABBIX = "ping\\.agent\\.redis\\.state: 0";
    private static final String ANY_LINE = "ping\\.agent\\.problems\\.text: (?!none)";

    private RedisFaults() {}

    static List<RedisFault> all() {
        return List.of(
                new RedisFault("killed, back with its data")
                        .redisWith("--appendonly", "yes", "--appendfsync", "always")
                        .begin(site -> site.redis().stop())
                        .end(site -> {
                            site.redis().start();
                            site.makeUser();
                        })
                        .says(AWAY, AWAY, AWAY, AWAY_IN_ZABBIX),
                new RedisFault("killed, back empty at once")
                        .begin(site -> {
                            site.redis().stop();
                            site.redis().start();
                            site.makeUser();
                        })
                        .end(RedisSite::writeCatalogue)
                        .says("job-list", "job-list", "job-list", text("job-list"))
                        .random(),
                new RedisFault("killed, back empty later")
                        .begin(site -> site.redis().stop())
                        .end(site -> {
                            site.redis().start();
                            site.makeUser();
                            site.writeCatalogue();
                        })
                        .says(AWAY, AWAY, AWAY, AWAY_IN_ZABBIX)
                        .random(),
                new RedisFault("hung")
                        .begin(site -> site.redis().pause())
                        .lasting(60)
                        .end(site -> site.redis().resume())
                        .says(AWAY, AWAY, AWAY_OR_SILENT, AWAY_IN_ZABBIX),
                new RedisFault("hung for 15 s")
                        .begin(site -> site.redis().pause())
                        .end(site -> site.redis().resume())
                        .says(AWAY, AWAY, AWAY_OR_SILENT, AWAY_IN_ZABBIX)
                        .random(),
                new RedisFault("replica of a master that is away")
                        .begin(site -> site.command("REPLICAOF", "127.0.0.1", "1"))
                        .end(site -> site.command("REPLICAOF", "NO", "ONE"))
                        .says("READONLY|replica", "READONLY|replica", "READONLY|replica", text("READONLY|replica"))
                        .random(),
                new RedisFault("replica of an empty master")
                        .begin(site -> site.command(
                                "REPLICAOF",
                                "127.0.0.1",
                                Integer.toString(site.otherRedis().port())))
                        .end(site -> {
                            site.command("REPLICAOF", "NO", "ONE");
                            site.writeCatalogue();
                        })
                        .says("READONLY|replica", "READONLY|replica", "READONLY|replica", text("READONLY|replica"))
                        .random(),
                new RedisFault("out of memory")
                        .begin(site -> site.command("CONFIG", "SET", "maxmemory", "1"))
                        .end(site -> site.command("CONFIG", "SET", "maxmemory", "0"))
                        .says("OOM|memory", "OOM|memory", "OOM|memory", text("OOM|memory"))
                        .random(),
                new RedisFault("evicting everything")
                        .begin(site ->
                                site.command("CONFIG", "SET", "maxmemory-policy", "allkeys-random", "maxmemory", "1"))
                        .end(site -> {
                            site.command("CONFIG", "SET", "maxmemory-policy", "noeviction", "maxmemory", "0");
                            site.writeCatalogue();
                        })
                        .says("job-list|job_", "evicts keys", "evicts keys", text("job-list|job_"))
                        .random(),
                new RedisFault("password changed, old connections live")
                        .begin(site -> site.acl("resetpass", ">other"))
                        .end(site -> site.acl("resetpass", ">secret"))
                        .says("WRONGPASS|password", "WRONGPASS|password", "WRONGPASS|password", text("password"))
                        .random(),
                new RedisFault("password changed, connections ended")
                        .begin(site -> {
                            site.acl("resetpass", ">other");
                            site.killConnections();
                        })
                        .end(site -> site.acl("resetpass", ">secret"))
                        .says("WRONGPASS|password", "WRONGPASS|password", "WRONGPASS|password", AWAY_IN_ZABBIX)
                        .random(),
                new RedisFault("no room for new connections")
                        .begin(RedisSite::refuseConnections)
                        .end(RedisSite::takeConnections)
                        .says("max number of clients", "max number of clients", "max number of clients", ANY_LINE),
                new RedisFault("ACL without SET")
                        .begin(site -> site.acl("-set"))
                        .end(site -> site.acl("+set"))
                        .lasting(25)
                        .says("(?i)'?set'?.*NOPERM|NOPERM.*set", "Redis refuses", "Redis refuses", ANY_LINE)
                        .random(),
                new RedisFault("ACL without SADD and SREM")
                        .begin(site -> site.acl("-sadd", "-srem"))
                        .end(site -> site.acl("+sadd", "+srem"))
                        .says("NOPERM|permission", "NOPERM|permission", "NOPERM|permission", ANY_LINE)
                        .random(),
                new RedisFault("ACL without reading")
                        .begin(site -> site.acl("-@read"))
                        .end(site -> site.acl("+@read"))
                        .says("NOPERM|permission", "NOPERM|permission", "NOPERM|permission", ANY_LINE)
                        .random(),
                new RedisFault("CONFIG forbidden, notifications off")
                        .begin(site -> {
                            site.acl("-config");
                            site.command("CONFIG", "SET", "notify-keyspace-events", "");
                            site.killConnections();
                        })
                        .end(site -> {
                            site.acl("+config");
                            site.killConnections();
                        })
                        .says("notify-keyspace-events", "notif", "notif", ANY_LINE)
                        .random(),
                new RedisFault("answers after 100 ms")
                        .begin(site -> site.proxy().delay(Duration.ofMillis(100)))
                        .end(site -> site.proxy().delay(Duration.ZERO))
                        .random(),
                new RedisFault("answers after 4 s")
                        .begin(site -> site.proxy().delay(Duration.ofSeconds(4)))
                        .end(site -> site.proxy().delay(Duration.ZERO))
                        .lasting(25)
                        .says(
                                "(?i)slow|" + AWAY,
                                "(?i)slow|" + AWAY,
                                "(?i)slow|" + AWAY_OR_SILENT,
                                ANY_LINE + "|" + AWAY_IN_ZABBIX)
                        .random(),
                new RedisFault("half open connections")
                        .begin(site -> site.proxy().hold())
                        .end(site -> site.proxy().release())
                        .says(AWAY, AWAY, AWAY_OR_SILENT, AWAY_IN_ZABBIX)
                        .random(),
                new RedisFault("connections ended 5 times a second")
                        .begin(site -> {
                            for (int i = 0; i < 75; i++) {
                                site.killConnections();
                                TimeUnit.MILLISECONDS.sleep(200);
                            }
                        })
                        .says(AWAY, "", "", "")
                        .random(),
                new RedisFault("FLUSHALL")
                        .begin(site -> site.command("FLUSHALL"))
                        .end(RedisSite::writeCatalogue)
                        .says("job-list", "job-list", "job-list", text("job-list"))
                        .random(),
                new RedisFault("job-list deleted")
                        .begin(site -> site.command("DEL", "job-list"))
                        .end(RedisSite::writeCatalogue)
                        .says("job-list", "job-list", "job-list", text("job-list"))
                        .random(),
                new RedisFault("a job's text is not JSON, another's group is a string")
                        .begin(site -> {
                            site.command("SET", "job_one", "{\"SPEC\":");
                            site.command("SET", "group_two", "10.9.1.1");
                        })
                        .end(site -> {
                            site.command("DEL", "group_two");
                            site.writeCatalogue();
                        })
                        .says("job_one", "job_one", "job_one", text("job_one"))
                        .random());
    }

    private static String text(String word) {
        return "ping\\.agent\\.problems\\.text: [\\s\\S]*(" + word + ")";
    }
}
