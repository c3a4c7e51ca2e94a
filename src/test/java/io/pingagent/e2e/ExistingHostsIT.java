package io.pingagent.e2e;

import static io.pingagent.testkit.ZabbixApi.object;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.pingagent.testkit.Behaviour;
import io.pingagent.testkit.SecretFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A site with hosts of its own in Zabbix: three commands, and the values are on those hosts. One test after the other, as
 * a site lives through them.
 */
@Timeout(300)
@TestMethodOrder(OrderAnnotation.class)
@Execution(ExecutionMode.CONCURRENT)
@Tag("root")
class ExistingHostsIT {

    private static final int HOSTS = 12;
    private static final String VICTIM = "router-1";
    private static final String MAINTAINED = "router-2";
    private static final String DELETED = "router-3";
    private static final String DOWN = "Ping: " + VICTIM + " is down";

    private static ZabbixLab lab;
    private static Path configuration;
    private static AgentProcess agent;
    private static final Map<String, String> IDS = new TreeMap<>();

    @BeforeAll
    static void start() throws Exception {
        ZabbixLab.require();
        lab = new ZabbixLab();
        String group = created("hostgroup.create", object("name", "Routers"), "groupids");
        for (int i = 1; i <= HOSTS; i++) {
            JsonObject host = object("host", "router-" + i);
            host.add("groups", list(object("groupid", group)));
            host.add(
                    "interfaces",
                    list(object("type", "1", "main", "1", "useip", "1", "ip", address(i), "dns", "", "port", "10050")));
            IDS.put("router-" + i, created("host.create", host, "hostids"));
        }
        maintain(IDS.get(MAINTAINED));
        configuration = lab.configuration(
                "gze",
                List.of(
                        "push-interval: 5s",
                        "api-url: " + lab.zabbix().frontendUrl(),
                        "api-token-file: " + tokenFile()));
    }

    /** The server looks once a minute, so that this begins early. */
    private static void maintain(String hostId) throws IOException {
        long now = Instant.now().getEpochSecond();
        JsonObject maintenance = object(
                "name", "work", "active_since", Long.toString(now - 60), "active_till", Long.toString(now + 3_600));
        maintenance.add("hosts", list(object("hostid", hostId)));
        maintenance.add(
                "timeperiods",
                list(object("timeperiod_type", "0", "start_date", Long.toString(now - 60), "period", "3600")));
        lab.api().call("maintenance.create", maintenance);
    }

    private static Path tokenFile() throws IOException {
        JsonArray users =
                lab.api().call("user.get", filter("username", "Admin")).getAsJsonArray();
        String userId = users.get(0).getAsJsonObject().get("userid").getAsString();
        String token = created("token.create", object("name", "ping-agent", "userid", userId), "tokenids");
        JsonArray ids = new JsonArray();
        ids.add(token);
        JsonElement secret = lab.api().call("token.generate", ids);
        return SecretFiles.write(
                lab.directory().resolve("token"),
                secret.getAsJsonArray().get(0).getAsJsonObject().get("token").getAsString());
    }

    private static JsonObject filter(String field, String value) {
        JsonObject parameters = new JsonObject();
        parameters.add("filter", object(field, value));
        return parameters;
    }

    private static String created(String method, JsonObject parameters, String ids) throws IOException {
        return lab.api()
                .call(method, parameters)
                .getAsJsonObject()
                .getAsJsonArray(ids)
                .get(0)
                .getAsString();
    }

    private static JsonArray list(JsonElement element) {
        JsonArray array = new JsonArray();
        array.add(element);
        return array;
    }

    private static String address(int host) {
        return "10.9.7." + host;
    }

    @AfterAll
    static void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    private static String report() {
        return (agent == null ? "" : agent.log()) + lab.zabbix().serverLog();
    }

    /** Outside of the namespace, where the frontend is. */
    private static String command(String... words) throws Exception {
        InstalledFiles.Result result = new InstalledFiles().run(List.of("PING_AGENT_CONFIG=" + configuration), words);
        assertEquals(0, result.exitStatus(), String.join(" ", words) + ": " + result.out() + result.err());
        return result.out() + result.err();
    }

    private static String importRouters() throws Exception {
        return command("zabbix", "import", "--hostgroup", "Routers", "--group", "routers", "--link-template");
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    @Order(1)
    void threeCommandsBringValuesToAllHosts() throws Exception {
        command("zabbix", "setup", "--host", "gze");
        importRouters();
        command("job", "add", "routers", "--spec", "@every 2s", "--group", "routers");
        lab.zabbix().reloadConfiguration();
        agent = lab.agent(configuration);

        ZabbixLab.until(
                ExistingHostsIT::report,
                () -> IDS.values().stream()
                        .allMatch(id ->
                                "1".equals(lab.lastValue(id, "ping.status")) && lab.lastValue(id, "ping.rtt") != null));
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    @Order(2)
    void aSecondImportAndASecondSetupChangeNothing() throws Exception {
        Map<String, String> before = lab.catalogue().ask(redis -> redis.hgetAll("group-hosts_routers"));

        assertTrue(importRouters().contains("nothing to change"));
        assertTrue(command("zabbix", "setup", "--host", "gze").contains("nothing to change"));

        assertEquals(before, lab.catalogue().ask(redis -> redis.hgetAll("group-hosts_routers")));
        assertEquals(HOSTS, before.size());
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    @Order(3)
    void anOutageIsAProblemOnTheVeryHostsButNotInMaintenance() throws Exception {
        ZabbixLab.until(
                ExistingHostsIT::report,
                () -> "1"
                        .equals(lab.zabbix()
                                .sql("select maintenance_status from hosts where hostid = " + IDS.get(MAINTAINED))));

        lab.responder().behave(address(1), Behaviour.silent());
        lab.responder().behave(address(2), Behaviour.silent());

        ZabbixLab.until(
                ExistingHostsIT::report, () -> lab.problems(IDS.get(VICTIM)).containsKey(DOWN));
        ZabbixLab.until(ExistingHostsIT::report, () -> "0".equals(lab.lastValue(IDS.get(MAINTAINED), "ping.status")));
        assertEquals(List.of(), shownProblems(IDS.get(MAINTAINED)));
        for (Map.Entry<String, String> host : IDS.entrySet()) {
            if (!List.of(VICTIM, MAINTAINED).contains(host.getKey())) {
                assertEquals(List.of(), shownProblems(host.getValue()), host.getKey());
            }
        }

        lab.responder().behave(address(1), Behaviour.honest());
        ZabbixLab.until(
                ExistingHostsIT::report, () -> lab.problems(IDS.get(VICTIM)).isEmpty());
    }

    /** Those that a maintenance does not suppress. */
    private static List<String> shownProblems(String hostId) throws IOException {
        JsonObject parameters = object("hostids", hostId);
        parameters.addProperty("suppressed", false);
        List<String> names = new ArrayList<>();
        for (JsonElement problem : lab.api().call("problem.get", parameters).getAsJsonArray()) {
            names.add(problem.getAsJsonObject().get("name").getAsString());
        }
        return names;
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    @Order(4)
    void aHostThatIsDeletedInZabbixIsProbedNoMore() throws Exception {
        JsonArray ids = new JsonArray();
        ids.add(IDS.get(DELETED));
        lab.api().call("host.delete", ids);

        String said = importRouters();

        assertTrue(said.contains(DELETED), said);
        assertEquals(
                HOSTS - 1L,
                lab.catalogue().ask(redis -> redis.scard("group_routers")).longValue());
        assertTrue(!lab.catalogue().ask(redis -> redis.hexists("group-hosts_routers", address(3))));
        ZabbixLab.until(
                ExistingHostsIT::report,
                () -> !lab.catalogue().ask(redis -> redis.exists("agent-ip-last-ms_gze_" + address(3))));
        int before = lab.requests(address(3)).size();
        // Others are probed twice more meanwhile.
        int others = lab.requests(address(4)).size();
        ZabbixLab.until(ExistingHostsIT::report, () -> lab.requests(address(4)).size() >= others + 2);
        assertEquals(before, lab.requests(address(3)).size());
    }
}
