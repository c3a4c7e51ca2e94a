package io.pingagent.app.zabbix;

import io.pingagent.app.doctor.Check;
import io.pingagent.base.Version;
import io.pingagent.config.Config;
import io.pingagent.imports.ApiAccess;
import io.pingagent.imports.RefusedLinks;
import io.pingagent.imports.ZabbixImportResult;
import io.pingagent.imports.ZabbixImportRun;
import io.pingagent.probe.SystemNanoClock;
import io.pingagent.redis.admin.RedisAdmin;
import io.pingagent.zabbix.api.ApiException;
import io.pingagent.zabbix.api.ApiSession;
import io.pingagent.zabbix.api.ApiSettings;
import io.pingagent.zabbix.api.HistoryPush;
import io.pingagent.zabbix.api.HostReader;
import io.pingagent.zabbix.api.ZabbixImport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What the commands {@code zabbix import}, {@code zabbix setup} and {@code doctor} do with Zabbix's API. */
public final class ZabbixApiCommands {

    private static final String CHECK = "zabbix api";
    private static final String VERSION_ITEM = "ping.agent.version";
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    /** Within the 5 s that doctor gives to one check. */
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(4);

    /** Leaves time for a slow answer to the last entry, and for the reason why values fail. */
    private static final long ENTRIES_NANOS = 2 * NANOS_PER_SECOND;

    /** A template of a thousand parts takes PHP a while. */
    private static final Duration SETUP_TIMEOUT = Duration.ofMinutes(5);

    private final Config config;
    private final @Nullable ApiSettings api;
    private final SystemNanoClock clock = new SystemNanoClock();

    public ZabbixApiCommands(Config config, @Nullable ApiSettings api) {
        this.config = config;
        this.api = api;
    }

    /** As {@code Operations.zabbixImport}. */
    public ZabbixImportResult importHosts(ZabbixImport entry, boolean isDryRun, boolean isForced) {
        ApiSettings settings = ApiAccess.required(api);
        try (RedisAdmin redis = RedisAdmin.connect(config.redis())) {
            return new ZabbixImportRun(redis, entry, config.zabbix().host(), isDryRun, isForced, new RefusedLinks())
                    .run(ApiSession.open(settings));
        } catch (ApiException e) {
            throw ApiFailures.failure(e);
        }
    }

    /** As {@code Operations.zabbixSetup}. */
    public ZabbixSetupResult setup(ZabbixSetupRequest request) {
        ApiSettings settings = ApiAccess.required(api).within(SETUP_TIMEOUT);
        try {
            return new ZabbixSetupRun(config, request).run(ApiSession.open(settings));
        } catch (ApiException e) {
            throw ApiFailures.failure(e);
        }
    }

    /** What the API says to the token, and how many hosts each import finds. Never throws. */
    public List<Check> checks(boolean valuesFail) {
        List<Check> checks = new ArrayList<>();
        if (api == null) {
            return checks;
        }
        long startNanos = clock.monotonicNanos();
        try {
            ApiSession session = ApiSession.open(api.within(CHECK_TIMEOUT));
            HostReader reader = new HostReader(session);
            int readable = reader.countReadable();
            String found = "Zabbix " + session.version() + " at " + session.url() + ", its token may read "
                    + (readable == 1 ? "1 monitored host" : readable + " monitored hosts");
            checks.add(
                    readable > 0
                            ? Check.ok(CHECK, found)
                            : Check.warn(
                                    CHECK,
                                    found,
                                    "give the user group of the token's user read permission on the host groups"));
            if (session.isInClear()) {
                checks.add(Check.warn(CHECK, ApiAccess.clearText(session), ApiAccess.CLEAR_REMEDY));
            }
            for (ZabbixImport entry : config.zabbix().imports()) {
                if (clock.monotonicNanos() - startNanos > ENTRIES_NANOS) {
                    checks.add(
                            Check.note(CHECK, "import of group '" + entry.group() + "': not asked, for lack of time"));
                } else {
                    checks.add(check(reader, entry));
                }
            }
            if (valuesFail && session.version().takesHistory()) {
                checks.add(version(session));
            }
        } catch (ApiException e) {
            checks.add(Check.fail(ApiFailures.outcome(e), CHECK, e.what(), e.remedy()));
        } catch (RuntimeException e) {
            checks.add(Check.fail(
                    Check.Outcome.BAD_CONFIGURATION,
                    CHECK,
                    String.valueOf(e.getMessage()),
                    "look at the zabbix.api-* keys of the configuration"));
        }
        return checks;
    }

    /** Sends what the agent sends too, so that nothing foreign comes into the history; a heartbeat would feign a life. */
    private Check version(ApiSession session) {
        String host = config.zabbix().host();
        long nowNanos = clock.wallNanos();
        HistoryPush.Value value = new HistoryPush.Value(
                host, VERSION_ITEM, Version.text(), nowNanos / NANOS_PER_SECOND, (int) (nowNanos % NANOS_PER_SECOND));
        String name = "the API takes no " + VERSION_ITEM + " of host '" + host + "': ";
        try {
            HistoryPush.Outcome outcome = new HistoryPush(session).push(List.of(value));
            if (outcome.refused().isEmpty()) {
                return Check.warn(
                        CHECK,
                        "the API takes " + VERSION_ITEM + " of host '" + host + "', so host and item are in order",
                        "look at the way to zabbix.servers: its address, the encryption, and which proxy monitors the host");
            }
            HistoryPush.Group refused = outcome.refused().get(0);
            return Check.warn(
                    CHECK,
                    name + refused.reason().text() + " (" + refused.said() + ")",
                    refused.reason().remedy());
        } catch (ApiException e) {
            return Check.note(CHECK, "why values fail is not known: " + e.what());
        }
    }

    /** As {@code Operations.zabbixExplain}. */
    public ZabbixExplanation explain(BooleanSupplier stopRequested) {
        try {
            ApiSession session = ApiSession.open(ApiAccess.required(api));
            HistoryPush push = new HistoryPush(session);
            ZabbixCommands.Measured measured = new ZabbixCommands(config).measure(stopRequested);
            HistoryPush.Outcome outcome = push.push(measured.values().stream()
                    .map(value -> new HistoryPush.Value(
                            value.host(), value.key(), value.value(), value.clockSeconds(), value.nanos()))
                    .toList());
            return new ZabbixExplanation(
                    measured.addresses(),
                    measured.answered(),
                    session.url().toString(),
                    outcome.accepted(),
                    outcome.refused().stream()
                            .map(group -> new ZabbixExplanation.Refused(
                                    group.reason().text() + " (" + group.said() + ")",
                                    group.reason().remedy(),
                                    group.values(),
                                    group.examples()))
                            .toList());
        } catch (ApiException e) {
            throw ApiFailures.failure(e);
        }
    }

    private static Check check(HostReader reader, ZabbixImport entry) {
        String name = "import of group '" + entry.group() + "': ";
        try {
            int hosts = reader.count(entry.hosts());
            String found =
                    name + entry.hosts() + " finds " + (hosts == 1 ? "1 monitored host" : hosts + " monitored hosts");
            return hosts > 0
                    ? Check.ok(CHECK, found)
                    : Check.warn(CHECK, found, "look at the names, and at the rights of the token's user");
        } catch (ApiException e) {
            return Check.fail(ApiFailures.outcome(e), CHECK, name + e.what(), e.remedy());
        }
    }
}
