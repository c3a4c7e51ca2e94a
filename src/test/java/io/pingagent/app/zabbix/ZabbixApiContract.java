package io.pingagent.app.zabbix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.pingagent.app.LocalOperations;
import io.pingagent.app.doctor.Check;
import io.pingagent.base.NotPermittedException;
import io.pingagent.base.UnknownNameException;
import io.pingagent.config.Config;
import io.pingagent.config.ConfigException;
import io.pingagent.config.ConfigLoader;
import io.pingagent.imports.ApiAccess;
import io.pingagent.imports.ImportSchedule;
import io.pingagent.imports.ZabbixImportResult;
import io.pingagent.model.Problem;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.SecretFiles;
import io.pingagent.testkit.SharedRedis;
import io.pingagent.testkit.ZabbixApi;
import io.pingagent.testkit.ZabbixStack;
import io.pingagent.testkit.ZabbixVersion;
import io.pingagent.zabbix.api.HostSelection;
import io.pingagent.zabbix.api.ZabbixImport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What is done with Zabbix's API, against a real frontend and a real Redis; for each version of Zabbix. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ZabbixApiContract {

    private static final Path NO_FILE = Path.of("/dev/null");
    private static final String ADDRESS_TEMPLATE = "Ping address by Zabbix trapper";
    private static final String AGENT_TEMPLATE = "Ping agent by Zabbix trapper";
    private static final String PSK = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    @RegisterExtension
    static final SharedRedis REDIS = new SharedRedis();

    @TempDir
    Path directory;

    private final ZabbixVersion version;
    private final LocalOperations operations = new LocalOperations();
    private final Map<String, String> settings = new HashMap<>();
    private @Nullable ZabbixStack stack;
    private int names;
    private String group = "";
    private String token = "";

    ZabbixApiContract(ZabbixVersion version) {
        this.version = version;
    }

    @BeforeAll
    void start() throws IOException {
        ZabbixStack.require(version);
        Requires.redisServer();
        ZabbixStack started = ZabbixStack.started(version);
        stack = started;
        token = token(started.api(), "1");
    }

    @AfterAll
    void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    /** A host group of its own for each test. */
    @BeforeEach
    void prepare() throws IOException {
        settings.clear();
        settings.put("PING_AGENT_AGENT_NAME", "agent-" + ++names);
        settings.put("PING_AGENT_REDIS_URL", REDIS.url().toString());
        settings.put("PING_AGENT_ZABBIX_API_URL", zabbix().frontendUrl().toString());
        useToken(token);
        group = "Routers " + names;
        hostGroup(group);
    }

    private ZabbixStack zabbix() {
        return Objects.requireNonNull(stack);
    }

    private ZabbixApi api() {
        return zabbix().api();
    }

    private static String token(ZabbixApi api, String userId) throws IOException {
        JsonArray tokens = new JsonArray();
        tokens.add(ZabbixApi.object("name", "of user " + userId, "userid", userId));
        JsonObject made = api.call("token.create", tokens).getAsJsonObject();
        return api.call("token.generate", made.get("tokenids"))
                .getAsJsonArray()
                .get(0)
                .getAsJsonObject()
                .get("token")
                .getAsString();
    }

    private void useToken(String text) throws IOException {
        Path file = directory.resolve("token-" + names + "-" + text.substring(0, 5));
        settings.put(
                "PING_AGENT_ZABBIX_API_TOKEN_FILE",
                SecretFiles.write(file, text + "\n").toString());
    }

    private Config config() {
        return ConfigLoader.load(NO_FILE, settings);
    }

    // ---- what Zabbix has ----

    private String hostGroup(String name) throws IOException {
        JsonObject parameters = new JsonObject();
        parameters.add("filter", ZabbixApi.object("name", name));
        JsonArray found = api().call("hostgroup.get", parameters).getAsJsonArray();
        return found.isEmpty()
                ? api().call("hostgroup.create", ZabbixApi.object("name", name))
                        .getAsJsonObject()
                        .getAsJsonArray("groupids")
                        .get(0)
                        .getAsString()
                : found.get(0).getAsJsonObject().get("groupid").getAsString();
    }

    private static JsonArray list(JsonObject element) {
        JsonArray array = new JsonArray();
        array.add(element);
        return array;
    }

    private static JsonObject address(String ip) {
        return ZabbixApi.object("type", "1", "main", "1", "useip", "1", "ip", ip, "dns", "", "port", "10050");
    }

    private static JsonObject name(String dns) {
        return ZabbixApi.object("type", "1", "main", "1", "useip", "0", "ip", "", "dns", dns, "port", "10050");
    }

    /** @return its id */
    private String host(String name, String ofGroup, @Nullable JsonObject oneInterface, String... fields)
            throws IOException {
        JsonObject host = ZabbixApi.object(fields);
        host.addProperty("host", name);
        host.add("groups", list(ZabbixApi.object("groupid", hostGroup(ofGroup))));
        if (oneInterface != null) {
            host.add("interfaces", list(oneInterface));
        }
        return api().call("host.create", host)
                .getAsJsonObject()
                .getAsJsonArray("hostids")
                .get(0)
                .getAsString();
    }

    private void delete(String... hostIds) throws IOException {
        JsonArray ids = new JsonArray();
        for (String id : hostIds) {
            ids.add(id);
        }
        api().call("host.delete", ids);
    }

    private Set<String> templatesOf(String hostId) throws IOException {
        JsonObject parameters = ZabbixApi.object("hostids", hostId);
        parameters.addProperty("selectParentTemplates", "extend");
        Set<String> names = new HashSet<>();
        api().call("host.get", parameters)
                .getAsJsonArray()
                .get(0)
                .getAsJsonObject()
                .getAsJsonArray("parentTemplates")
                .forEach(template ->
                        names.add(template.getAsJsonObject().get("host").getAsString()));
        return names;
    }

    // ---- imports ----

    private ZabbixImport entry() {
        return new ZabbixImport(
                "core", new HostSelection(List.of(group), List.of(), List.of()), false, Duration.ofMinutes(10));
    }

    private ZabbixImportResult run(ZabbixImport entry) {
        Config config = config();
        return operations.zabbixImport(config, config.zabbix().api(), entry, false, false);
    }

    private static List<String> changes(ZabbixImportResult result) {
        return result.changes().stream()
                .map(ZabbixImportResult.Change::toString)
                .toList();
    }

    private static Map<String, String> hash() {
        return REDIS.connection().hgetAll("group-hosts_core");
    }

    private static Set<String> members() {
        return REDIS.connection().smembers("group_core");
    }

    @Test
    void hostsBecomeAddressesOfAGroup() throws IOException {
        host("edge 1 of " + group, group, address("192.0.2.1"));
        host("edge 2 of " + group, group + "/Core", address("192.0.2.1"));
        host("named of " + group, group, name("localhost"));
        host("unknown of " + group, group, name("no-such-host.invalid"));
        host("bare of " + group, group, null);
        host("off of " + group, group, address("192.0.2.9"), "status", "1");
        host("guest of " + group, group + "guests", address("192.0.2.8"));
        Config config = config();
        ZabbixImportResult dry = operations.zabbixImport(config, config.zabbix().api(), entry(), true, false);
        assertEquals(3, dry.changes().size(), dry.toString());
        assertEquals(Map.of(), hash());
        assertEquals(Set.of(), REDIS.connection().keys("*"));

        ZabbixImportResult result = run(entry());
        assertEquals(dry, result);
        assertEquals(
                Map.of("192.0.2.1", "edge 1 of " + group + ",edge 2 of " + group, "127.0.0.1", "named of " + group),
                hash());
        assertEquals(Set.of("192.0.2.1", "127.0.0.1"), members());
        assertEquals(Set.of("core"), REDIS.connection().smembers("group-list"));
        assertEquals(2, result.warnings().size(), result.toString());
        assertTrue(result.warnings().get(0).contains("no-such-host.invalid"), result.toString());
        assertTrue(result.warnings().get(0).contains("has no interface"), result.toString());
        assertTrue(result.warnings().get(1).contains("3 hosts lack the template"), result.toString());

        ZabbixImportResult second = run(entry());
        assertFalse(second.isChanged(), second.toString());
        assertEquals(List.of(), second.changes());
    }

    /** A server refuses the values of these. */
    @Test
    void hostsBehindAProxyAreNamedWithIt() throws IOException {
        JsonObject proxy = version == ZabbixVersion.V6_0
                ? ZabbixApi.object("host", "proxy of " + group, "status", "5")
                : ZabbixApi.object("name", "proxy of " + group, "operating_mode", "0");
        String proxyId = api().call("proxy.create", proxy)
                .getAsJsonObject()
                .getAsJsonArray("proxyids")
                .get(0)
                .getAsString();
        String[] behind = version == ZabbixVersion.V6_0
                ? new String[] {"proxy_hostid", proxyId}
                : new String[] {"monitored_by", "1", "proxyid", proxyId};
        host("far 1 of " + group, group, address("192.0.2.1"), behind);
        host("far 2 of " + group, group, address("192.0.2.2"), behind);
        host("near of " + group, group, address("192.0.2.3"));
        host(config().zabbix().host(), group, address("192.0.2.4"));
        ZabbixImportResult result = run(entry());
        assertEquals(3, result.counts().hosts());
        String warnings = result.warnings().toString();
        assertTrue(warnings.contains("2 hosts are monitored by proxy 'proxy of " + group + "'"), warnings);
        assertTrue(warnings.contains("1 host is left out: the agent's own host"), warnings);
    }

    @Test
    void aHostThatMovesIsRenamedOrGoesIsFollowed() throws IOException {
        String moving = host("moving of " + group, group, address("192.0.2.1"));
        String renamed = host("old of " + group, group, address("192.0.2.2"));
        String gone = host("gone of " + group, group, address("192.0.2.3"));
        host("staying of " + group, group, address("192.0.2.4"));
        run(entry());
        REDIS.connection().sadd("group_core", "192.0.2.200");

        JsonObject parameters = ZabbixApi.object("hostids", moving);
        JsonObject first = api().call("hostinterface.get", parameters)
                .getAsJsonArray()
                .get(0)
                .getAsJsonObject();
        api().call(
                        "hostinterface.update",
                        ZabbixApi.object("interfaceid", first.get("interfaceid").getAsString(), "ip", "192.0.2.11"));
        api().call("host.update", ZabbixApi.object("hostid", renamed, "host", "new of " + group));
        delete(gone);
        ZabbixImportResult result = run(entry());
        assertEquals(
                List.of(
                        "removed host 'gone of " + group + "' at 192.0.2.3",
                        "host 'moving of " + group + "' moved: 192.0.2.1 -> 192.0.2.11",
                        "host 'old of " + group + "' is now 'new of " + group + "'"),
                changes(result));
        assertEquals(Set.of("192.0.2.2", "192.0.2.4", "192.0.2.11", "192.0.2.200"), members());
        assertEquals("new of " + group, hash().get("192.0.2.2"));
        assertFalse(run(entry()).isChanged());
    }

    @Test
    void aNameThatFailsLaterKeepsItsAddress() throws IOException {
        String id = host("named of " + group, group, name("localhost"));
        run(entry());
        JsonObject first = api().call("hostinterface.get", ZabbixApi.object("hostids", id))
                .getAsJsonArray()
                .get(0)
                .getAsJsonObject();
        api().call(
                        "hostinterface.update",
                        ZabbixApi.object("interfaceid", first.get("interfaceid").getAsString(), "dns", "gone.invalid"));
        ZabbixImportResult result = run(entry());
        assertFalse(result.isChanged(), result.toString());
        assertTrue(result.warnings().get(0).contains("gone.invalid"), result.toString());
        assertEquals(Set.of("127.0.0.1"), members());
    }

    @Test
    void anEmptyAnswerEmptiesNothing() throws IOException {
        String id = host("only of " + group, group, address("192.0.2.1"));
        run(entry());
        delete(id);
        ConfigException e = assertThrows(ConfigException.class, () -> run(entry()));
        assertTrue(String.valueOf(e.getMessage()).contains("stays as it is"), e.getMessage());
        assertEquals(Set.of("192.0.2.1"), members());
        assertEquals(1, hash().size());
    }

    @Test
    void moreThanHalfGoesOnlyByForce() throws IOException {
        List<String> ids = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            ids.add(host("h" + i + " of " + group, group, address("192.0.2." + i)));
        }
        run(entry());
        delete(ids.get(0), ids.get(1), ids.get(2));
        ConfigException e = assertThrows(ConfigException.class, () -> run(entry()));
        assertTrue(String.valueOf(e.getMessage()).contains("3 of 4 hosts"), e.getMessage());
        assertTrue(String.valueOf(e.getMessage()).contains("--force"), e.getMessage());
        assertEquals(4, members().size());
        Config config = config();
        ZabbixImportResult dry = operations.zabbixImport(config, config.zabbix().api(), entry(), true, false);
        assertTrue(dry.warnings().toString().contains("3 of 4 hosts"), dry.toString());
        operations.zabbixImport(config, config.zabbix().api(), entry(), false, true);
        assertEquals(Set.of("192.0.2.4"), members());
    }

    @Test
    void theRunningAgentFollowsAndNamesWhatItDoesNotDo() throws IOException {
        String gone = host("gone of " + group, group, address("192.0.2.1"));
        String other = host("other of " + group, group, address("192.0.2.2"));
        host("staying of " + group, group, address("192.0.2.3"));
        settings.put("PING_AGENT_ZABBIX_IMPORT", "--group core --hostgroup '" + group + "' --every 1m");
        List<Problem> problems = new ArrayList<>();
        long[] nowNanos = {0};
        ImportSchedule schedule = ApiAccess.schedule(
                config(),
                found -> {
                    problems.clear();
                    problems.addAll(found);
                },
                () -> nowNanos[0]);
        nowNanos[0] = TimeUnit.SECONDS.toNanos(60);
        schedule.runDue();
        assertEquals(3, members().size());
        delete(gone);
        nowNanos[0] = TimeUnit.SECONDS.toNanos(120);
        schedule.runDue();
        assertEquals(Set.of("192.0.2.2", "192.0.2.3"), members());
        assertEquals(List.of(), problems);
        host("another of " + group, group + "guests", address("192.0.2.5"));
        delete(other);
        api().call("host.delete", idsOf("staying of " + group));
        host("new of " + group, group, address("192.0.2.6"));
        nowNanos[0] = TimeUnit.SECONDS.toNanos(180);
        schedule.runDue();
        assertEquals(Set.of("192.0.2.2", "192.0.2.3"), members());
        assertTrue(problems.get(0).toString().contains("--force"), problems.toString());
    }

    private JsonArray idsOf(String host) throws IOException {
        JsonArray ids = new JsonArray();
        ids.add(api().hostId(host));
        return ids;
    }

    @Test
    void hostsThatLackTheTemplateGetIt() throws IOException {
        setup(false);
        String plain = host("plain of " + group, group, address("192.0.2.1"));
        String icmp = host("icmp of " + group, group, address("192.0.2.2"));
        JsonObject item = ZabbixApi.object("hostid", icmp, "name", "ICMP ping", "key_", "icmpping");
        item.addProperty("type", 2);
        item.addProperty("value_type", 3);
        api().call("item.create", item);
        ZabbixImport linking = new ZabbixImport(
                "core", new HostSelection(List.of(group), List.of(), List.of()), true, Duration.ofMinutes(10));
        ZabbixImportResult result = run(linking);
        assertEquals(1, result.counts().linked(), result.toString());
        assertEquals(Set.of(ADDRESS_TEMPLATE), templatesOf(plain));
        assertEquals(Set.of(), templatesOf(icmp));
        assertEquals(Map.of("192.0.2.1", "plain of " + group, "192.0.2.2", "icmp of " + group + ";icmpping"), hash());
        ZabbixImportResult second = run(linking);
        assertFalse(second.isChanged(), second.toString());
        assertEquals(List.of(), second.warnings());

        ZabbixImport byTemplate = new ZabbixImport(
                "core",
                new HostSelection(List.of(group), List.of(), List.of(ADDRESS_TEMPLATE)),
                false,
                Duration.ofMinutes(10));
        assertEquals(1, run(byTemplate).counts().hosts());
    }

    @Test
    void aTagSelectsHosts() throws IOException {
        String tagged = host("tagged of " + group, group, address("192.0.2.1"));
        host("plain of " + group, group, address("192.0.2.2"));
        JsonObject parameters = ZabbixApi.object("hostid", tagged);
        parameters.add("tags", list(ZabbixApi.object("tag", "probe", "value", "yes")));
        api().call("host.update", parameters);
        for (String tag : List.of("probe", "probe=yes")) {
            assertEquals(
                    1,
                    run(new ZabbixImport(
                                    "core",
                                    new HostSelection(List.of(group), List.of(tag), List.of()),
                                    false,
                                    Duration.ZERO))
                            .counts()
                            .hosts(),
                    tag);
        }
        assertThrows(
                ConfigException.class,
                () -> run(new ZabbixImport(
                        "core",
                        new HostSelection(List.of(group), List.of("probe=no"), List.of()),
                        false,
                        Duration.ZERO)));
    }

    @Test
    void namesThatZabbixDoesNotHaveAreNamed() {
        UnknownNameException e = assertThrows(
                UnknownNameException.class,
                () -> run(new ZabbixImport(
                        "core", new HostSelection(List.of("Nowhere"), List.of(), List.of()), false, Duration.ZERO)));
        assertTrue(String.valueOf(e.getMessage()).contains("'Nowhere'"), e.getMessage());
    }

    @Test
    void aTokenThatIsWrongIsNotPermitted() throws IOException {
        useToken("f".repeat(64));
        NotPermittedException e = assertThrows(NotPermittedException.class, () -> run(entry()));
        assertTrue(String.valueOf(e.getMessage()).contains("zabbix.api-token-file"), e.getMessage());
        List<Check> checks = operations.zabbixApiChecks(config(), false);
        assertEquals(Check.Outcome.NOT_PERMITTED, checks.get(0).outcome(), checks.toString());
    }

    /** The rights that the documents name. */
    @Test
    void aRoleThatReadsFourThingsIsEnoughForImports() throws IOException {
        host("edge of " + group, group, address("192.0.2.1"));
        JsonObject rules = new JsonObject();
        rules.addProperty("api.access", "1");
        rules.addProperty("api.mode", "1");
        JsonArray methods = new JsonArray();
        List.of("host.get", "item.get", "hostgroup.get", "template.get").forEach(methods::add);
        rules.add("api", methods);
        JsonObject role = ZabbixApi.object("name", "Ping agent " + names, "type", "1");
        role.add("rules", rules);
        String roleId = api().call("role.create", role)
                .getAsJsonObject()
                .getAsJsonArray("roleids")
                .get(0)
                .getAsString();
        JsonObject users = ZabbixApi.object("name", "Ping agents " + names);
        users.add(
                version == ZabbixVersion.V6_0 ? "rights" : "hostgroup_rights",
                list(ZabbixApi.object("id", hostGroup(group), "permission", "2")));
        String usersId = api().call("usergroup.create", users)
                .getAsJsonObject()
                .getAsJsonArray("usrgrpids")
                .get(0)
                .getAsString();
        JsonObject user =
                ZabbixApi.object("username", "ping-agent-" + names, "passwd", "Rather-l0ng-" + names, "roleid", roleId);
        user.add("usrgrps", list(ZabbixApi.object("usrgrpid", usersId)));
        String userId = api().call("user.create", user)
                .getAsJsonObject()
                .getAsJsonArray("userids")
                .get(0)
                .getAsString();
        useToken(token(api(), userId));
        assertEquals(1, run(entry()).counts().hosts());
        List<Check> checks = operations.zabbixApiChecks(config(), false);
        assertEquals(Check.Outcome.OK, checks.get(0).outcome(), checks.toString());
        assertTrue(checks.get(0).found().contains("1 monitored host"), checks.toString());
        NotPermittedException e = assertThrows(NotPermittedException.class, () -> setup(false));
        assertTrue(String.valueOf(e.getMessage()).contains("configuration.import"), e.getMessage());
    }

    // ---- setup ----

    private ZabbixSetupResult setup(boolean byAutoregistration) {
        Config config = config();
        return operations.zabbixSetup(
                config,
                config.zabbix().api(),
                new ZabbixSetupRequest(config.zabbix().host(), byAutoregistration, false));
    }

    @Test
    void setupTwiceChangesNothingTheSecondTime() throws IOException {
        Config config = config();
        ZabbixSetupResult dry = operations.zabbixSetup(
                config,
                config.zabbix().api(),
                new ZabbixSetupRequest(config.zabbix().host(), false, true));
        assertTrue(dry.lines().get(dry.lines().size() - 1).startsWith("would make host"), dry.toString());
        ZabbixSetupResult result = setup(false);
        assertEquals(dry.lines().size(), result.lines().size(), result.toString());
        assertEquals(
                Set.of(AGENT_TEMPLATE), templatesOf(api().hostId(config.zabbix().host())));
        assertEquals(List.of(), setup(false).lines());
        settings.put("PING_AGENT_ZABBIX_HOST_PER_ADDRESS", "true");
        assertEquals(1, setup(false).lines().size());
        assertEquals(
                Set.of(AGENT_TEMPLATE, "Ping addresses as hosts by Zabbix trapper"),
                templatesOf(api().hostId(config.zabbix().host())));
    }

    @Test
    void whatPeopleSetAtATemplateStays() throws IOException {
        setup(false);
        String templateId = api().templateId(ADDRESS_TEMPLATE);
        JsonObject of = ZabbixApi.object("hostids", templateId);
        of.add("filter", ZabbixApi.object("macro", "{$PING.LOSS.WARN}"));
        String macroId = api().call("usermacro.get", of)
                .getAsJsonArray()
                .get(0)
                .getAsJsonObject()
                .get("hostmacroid")
                .getAsString();
        api().call("usermacro.update", ZabbixApi.object("hostmacroid", macroId, "value", "77"));
        assertEquals(List.of(), setup(false).lines(), "a macro is no reason for an import");
        // An item that is missing is one.
        JsonObject item = ZabbixApi.object("hostids", templateId);
        item.add("filter", ZabbixApi.object("key_", "ping.jitter"));
        JsonArray ids = new JsonArray();
        ids.add(api().call("item.get", item)
                .getAsJsonArray()
                .get(0)
                .getAsJsonObject()
                .get("itemid"));
        api().call("item.delete", ids);
        List<String> lines = setup(false).lines();
        assertTrue(lines.get(0).startsWith("imported "), lines.toString());
        assertTrue(lines.toString().contains("keeps {$PING.LOSS.WARN}=77"), lines.toString());
        assertEquals(
                "77",
                api().call("usermacro.get", of)
                        .getAsJsonArray()
                        .get(0)
                        .getAsJsonObject()
                        .get("value")
                        .getAsString());
        assertEquals(List.of(), setup(false).lines());
    }

    @Test
    void theHostHasTheEncryptionOfTheConfiguration() throws IOException {
        setup(false);
        settings.put("PING_AGENT_ZABBIX_TLS_CONNECT", "psk");
        settings.put("PING_AGENT_ZABBIX_TLS_PSK_IDENTITY", "agents");
        settings.put(
                "PING_AGENT_ZABBIX_TLS_PSK_FILE",
                SecretFiles.write(directory.resolve("psk-" + names), PSK + "\n").toString());
        ZabbixSetupResult first = setup(false);
        assertEquals(1, first.lines().size(), first.toString());
        assertTrue(first.warnings().get(0).contains("without encryption"), first.toString());
        assertEquals("3", tlsAccept(config().zabbix().host()), "others may send it values too");
        assertEquals(List.of(), setup(false).lines());
        api().call(
                        "host.update",
                        ZabbixApi.object(
                                "hostid", api().hostId(config().zabbix().host()), "tls_accept", "2"));

        settings.keySet().removeIf(key -> key.contains("_TLS_"));
        ZabbixSetupResult weaker = setup(false);
        assertEquals(List.of(), weaker.lines());
        assertTrue(weaker.warnings().get(0).contains("Encryption"), weaker.toString());
        assertEquals("2", tlsAccept(config().zabbix().host()));
    }

    private String tlsAccept(String host) throws IOException {
        JsonObject parameters = ZabbixApi.object("hostids", api().hostId(host), "output", "extend");
        return api().call("host.get", parameters)
                .getAsJsonArray()
                .get(0)
                .getAsJsonObject()
                .get("tls_accept")
                .getAsString();
    }

    @Test
    void theActionIsMadeOnce() throws IOException {
        settings.put("PING_AGENT_ZABBIX_TLS_CONNECT", "psk");
        settings.put("PING_AGENT_ZABBIX_TLS_PSK_IDENTITY", "agents");
        settings.put(
                "PING_AGENT_ZABBIX_TLS_PSK_FILE",
                SecretFiles.write(directory.resolve("psk-" + names), PSK + "\n").toString());
        ZabbixSetupResult result = setup(true);
        assertTrue(result.lines().toString().contains("autoregistration action"), result.toString());
        ZabbixSetupResult second = setup(true);
        assertEquals(List.of(), second.lines());
        JsonObject filter = new JsonObject();
        filter.addProperty("eventsource", 2);
        JsonObject parameters = new JsonObject();
        parameters.add("filter", filter);
        assertEquals(1, api().call("action.get", parameters).getAsJsonArray().size());
        JsonObject output = new JsonObject();
        output.addProperty("output", "extend");
        assertEquals(
                "3",
                api().call("autoregistration.get", output)
                        .getAsJsonObject()
                        .get("tls_accept")
                        .getAsString());
    }

    @Test
    void anActionThatCouldNeverFireIsNotMade() throws IOException {
        settings.put("PING_AGENT_ZABBIX_TLS_CONNECT", "cert");
        for (String file : List.of("CA", "CERT", "KEY")) {
            settings.put(
                    "PING_AGENT_ZABBIX_TLS_" + file + "_FILE",
                    SecretFiles.write(directory.resolve(file + "-" + names), "x\n")
                            .toString());
        }
        ConfigException certificate = assertThrows(ConfigException.class, () -> setup(true));
        assertTrue(String.valueOf(certificate.getMessage()).contains("certificates"), certificate.getMessage());
    }

    // ---- values explained ----

    @Test
    void valuesThatFailAreExplainedFrom70On() throws IOException {
        Requires.rawSockets();
        REDIS.connection().sadd("group-list", "g");
        REDIS.connection().sadd("group_g", "127.0.0.1");
        REDIS.connection().sadd("job-list", "j");
        REDIS.connection().set("job_j", "{\"SPEC\":\"*/10 * * * * *\",\"name\":\"j\",\"group\":[\"g\"]}");
        settings.put("PING_AGENT_ZABBIX_SERVERS", "127.0.0.1:" + zabbix().serverPort());
        settings.put("PING_AGENT_ZABBIX_DOWN_AFTER", "1");
        Config config = config();
        if (version == ZabbixVersion.V6_0) {
            ConfigException e = assertThrows(
                    ConfigException.class,
                    () -> operations.zabbixExplain(config, config.zabbix().api(), () -> false));
            assertTrue(String.valueOf(e.getMessage()).contains("7.0"), e.getMessage());
            assertEquals(1, operations.zabbixApiChecks(config, true).size());
            return;
        }
        ZabbixExplanation nobody =
                operations.zabbixExplain(config, config.zabbix().api(), () -> false);
        assertEquals(0, nobody.accepted());
        assertTrue(nobody.refused().get(0).reason().contains("no such host"), nobody.toString());
        List<Check> checks = operations.zabbixApiChecks(config, true);
        assertTrue(checks.get(checks.size() - 1).found().contains("no such host"), checks.toString());
        setup(false);
        zabbix().reloadConfiguration();
        ZabbixExplanation first =
                operations.zabbixExplain(config, config.zabbix().api(), () -> false);
        assertTrue(first.accepted() > 0, first.toString());
        assertEquals(1, first.answered());
    }
}
