package io.pingagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.pingagent.app.doctor.Check;
import io.pingagent.app.zabbix.ZabbixExplanation;
import io.pingagent.app.zabbix.ZabbixSetupRequest;
import io.pingagent.app.zabbix.ZabbixSetupResult;
import io.pingagent.base.NotPermittedException;
import io.pingagent.base.UnknownNameException;
import io.pingagent.imports.ZabbixImportResult;
import io.pingagent.imports.ZabbixImportResult.Change;
import io.pingagent.zabbix.api.HostSelection;
import io.pingagent.zabbix.api.ZabbixImport;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZabbixApiCommandsTest {

    private final Cli cli = new Cli().redis(9);

    private static ZabbixImportResult result(List<Change> changes, String... warnings) {
        return new ZabbixImportResult(
                "core",
                new ZabbixImportResult.Counts(3, 2, 2, 0, 0, 1),
                changes,
                List.of(warnings),
                !changes.isEmpty());
    }

    @Test
    void anImportIsWhatWasTyped() {
        Cli.Result result = cli.run(
                "zabbix",
                "import",
                "--group",
                "core",
                "--hostgroup",
                "Core routers",
                "--hostgroup",
                "Edge",
                "--tag",
                "a=b=c",
                "--template",
                "T",
                "--link-template",
                "--dry-run");
        assertEquals(0, result.status(), result.err());
        assertEquals(
                List.of(new ZabbixImport(
                        "core",
                        new HostSelection(List.of("Core routers", "Edge"), List.of("a=b=c"), List.of("T")),
                        true,
                        ZabbixImport.DEFAULT_EVERY)),
                cli.operations.imports);
        assertTrue(result.out().startsWith("dry run, nothing was changed"), result.out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zabbix import --group core",
                "zabbix import --hostgroup Routers",
                "zabbix import --group a,b --tag x",
                "zabbix import --group core --tag =x",
                "zabbix import --group core --tag x --api-url nowhere",
                "zabbix import --group core --tag x extra",
                "zabbix setup --autoregistration --host a",
                "zabbix setup --host a,b",
                "zabbix send --explain --dry-run"
            })
    void wrongUseIs64(String line) {
        Cli.Result result = cli.run(line.split(" ", -1));
        assertEquals(64, result.status(), result.err());
        assertEquals(List.of(), cli.operations.imports);
        assertEquals(List.of(), cli.operations.setups);
    }

    @Test
    void theFirstTwentyChangesAreShownAndAllCounted() {
        cli.operations.importResult = result(IntStream.range(0, 25)
                .mapToObj(i -> new Change(Change.Kind.ADDED, "h" + i, "192.0.2." + i))
                .toList());
        Cli.Result result = cli.run("zabbix", "import", "--group", "core", "--tag", "x");
        assertEquals(22, result.outLines().size(), result.out());
        assertEquals("... and 5 more changes", result.outLines().get(20));
        assertEquals(
                "group 'core': 3 hosts with 2 addresses; 25 added, template linked to 1 host",
                result.outLines().get(21));
    }

    @Test
    void warningsGoToStandardErrorOnOneLineEach() {
        cli.operations.importResult = result(List.of(), "1 host has no address: 'a\u001b[31m'");
        Cli.Result result = cli.run("zabbix", "import", "--group", "core", "--tag", "x");
        assertEquals(0, result.status());
        assertTrue(result.err().contains("1 host has no address"), result.err());
        assertFalse(result.err().contains("\u001b"), result.err());
    }

    @Test
    void jsonIsForScripts() {
        cli.operations.importResult = result(List.of(new Change(Change.Kind.RENAMED, "old", "new")), "a warning");
        Cli.Result result = cli.run("zabbix", "import", "--group", "core", "--tag", "x", "--json");
        JsonObject json = JsonParser.parseString(result.out()).getAsJsonObject();
        assertEquals(3, json.get("hosts").getAsInt());
        assertTrue(json.get("changed").getAsBoolean());
        JsonObject change = json.getAsJsonArray("changes").get(0).getAsJsonObject();
        assertEquals("renamed", change.get("change").getAsString());
        assertEquals("new", change.get("detail").getAsString());
        assertEquals(1, json.getAsJsonArray("warnings").size());
    }

    @Test
    void failuresHaveTheirExitStatus() {
        cli.operations.failure = new UnknownNameException("Zabbix has no host group 'x'; write it", null);
        assertEquals(
                64, cli.run("zabbix", "import", "--group", "core", "--tag", "x").status());
        cli.operations.failure = new NotPermittedException("the Zabbix API refuses it; allow it");
        assertEquals(77, cli.run("zabbix", "setup").status());
    }

    @Test
    void setupSaysWhatItDid() {
        cli.operations.setupResult =
                new ZabbixSetupResult(List.of("made host 'gza'"), List.of("zabbix.servers names no server"), "7.0.22");
        Cli.Result result = cli.run("zabbix", "setup");
        assertEquals(List.of("made host 'gza'"), result.outLines());
        assertTrue(result.err().contains("zabbix.servers"), result.err());
        assertEquals(List.of(new ZabbixSetupRequest("gza", false, false)), cli.operations.setups);

        cli.operations.setupResult = new ZabbixSetupResult(List.of(), List.of(), "7.0.22");
        assertEquals(
                List.of("Zabbix 7.0.22: nothing to change"),
                cli.run("zabbix", "setup", "--autoregistration").outLines());
    }

    @Test
    void refusedValuesAreGroupedByTheirReason() {
        cli.operations.explanation = new ZabbixExplanation(
                2,
                1,
                "http://127.0.0.1/api_jsonrpc.php",
                3,
                List.of(new ZabbixExplanation.Refused(
                        "the host has no such item", "link the template", 5, List.of("gza a", "gza b", "gza c"))));
        Cli.Result result = cli.run("zabbix", "send", "--explain");
        assertEquals(78, result.status());
        assertEquals(
                List.of(
                        "2 addresses, 1 answered; http://127.0.0.1/api_jsonrpc.php took 3 of 8 values",
                        "5 values refused: the host has no such item; link the template",
                        "  gza a",
                        "  gza b",
                        "  gza c",
                        "  ... and 2 more"),
                result.outLines());
    }

    @Test
    void doctorHasALineForTheApi() {
        cli.operations.zabbixApiChecks =
                List.of(Check.fail(Check.Outcome.NOT_PERMITTED, "zabbix api", "the token is not valid", "renew it"));
        Cli.Result result = cli.run("doctor");
        assertTrue(
                result.outLines().contains("fail  zabbix api        the token is not valid; renew it"), result.out());
    }
}
