package io.pingagent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.base.InvalidValueException;
import io.pingagent.config.type.ImportEntryType;
import io.pingagent.config.type.ValueType;
import io.pingagent.testkit.SecretFiles;
import io.pingagent.zabbix.api.ApiUrls;
import io.pingagent.zabbix.api.HostSelection;
import io.pingagent.zabbix.api.ZabbixImport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZabbixApiConfigTest {

    private static final Map<String, String> NAMED = Map.of("PING_AGENT_AGENT_NAME", "gza");

    @TempDir
    Path directory;

    private Path token;

    @BeforeEach
    void writeToken() throws IOException {
        token = SecretFiles.write(directory.resolve("token"), "0123\n");
    }

    private String yaml(String lines) {
        return "zabbix:\n  api-url: https://zabbix.example.com/zabbix\n  api-token-file: " + token + "\n" + lines;
    }

    private ZabbixImport entry(String text) {
        return ConfigTesting.load(yaml("  import:\n    - " + text + "\n"), NAMED)
                .zabbix()
                .imports()
                .get(0);
    }

    private String problem(String lines) {
        List<String> problems = ConfigTesting.problems(yaml(lines), NAMED);
        assertEquals(1, problems.size(), problems.toString());
        return problems.get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "https://z.example/zabbix, https://z.example/zabbix/api_jsonrpc.php",
        "https://z.example/zabbix/, https://z.example/zabbix/api_jsonrpc.php",
        "https://z.example, https://z.example/api_jsonrpc.php",
        "HTTP://z.example:8080/, http://z.example:8080/api_jsonrpc.php",
        "http://z.example/zabbix/api_jsonrpc.php, http://z.example/zabbix/api_jsonrpc.php",
        "https://z.example/zabbix/zabbix.php?action=dashboard.view#x, https://z.example/zabbix/api_jsonrpc.php",
        "http://[2001:db8::1]:80/z, http://[2001:db8::1]:80/z/api_jsonrpc.php",
    })
    void theUrlIsThatOfABrowser(String typed, String url) throws InvalidValueException {
        assertEquals(url, ApiUrls.parse(typed).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "zabbix.example.com",
                "ftp://z.example",
                "https://",
                "https:///zabbix",
                "https://u:secret@z.example",
                "http://z.example:99999/",
                "http://z example/",
                "file:///etc/passwd",
                "https://z.example:0"
            })
    void refusesWhatIsNoAddressOfAFrontend(String typed) {
        InvalidValueException e = assertThrows(InvalidValueException.class, () -> ApiUrls.parse(typed));
        assertTrue(e.remedy().contains("https://zabbix.example.com/zabbix"), e.remedy());
        assertFalse((e.what() + e.remedy()).contains("secret"), e.what());
    }

    @Test
    void anEntryIsInTheWordsOfTheCommand() {
        assertEquals(
                new ZabbixImport(
                        "core",
                        new HostSelection(List.of("Routers"), List.of(), List.of()),
                        false,
                        Duration.ofMinutes(10)),
                entry("--group core --hostgroup Routers"));
        assertEquals(
                new ZabbixImport(
                        "core",
                        new HostSelection(
                                List.of("Core routers", "Edge's"), List.of("site=a b", "ping"), List.of("ICMP Ping")),
                        true,
                        Duration.ofHours(1)),
                entry("\"--group=core --hostgroup 'Core routers' --hostgroup=\\\"Edge's\\\" --tag 'site=a b' --tag ping"
                        + " --template 'ICMP Ping' --every 1h --link-template\""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--group core --hostgroup Routers",
                "--group core --hostgroup 'Core routers' --tag a=b --template T --every 90s --link-template",
                "--group core --hostgroup \\\"Edge's\\\" --every 10m",
            })
    void whatIsPrintedReadsBackAsTheSame(String text) {
        ZabbixImport entry = entry('"' + text + '"');
        ValueType<ZabbixImport> type = ImportEntryType.type();
        String printed = type.format(entry);
        assertEquals(
                entry,
                ConfigTesting.load(yaml("  import: [" + printed + "]\n"), NAMED)
                        .zabbix()
                        .imports()
                        .get(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--hostgroup Routers | names no group",
                "--group core | does not say which hosts",
                "--group core --hostgroup | has no value",
                "--group core --hostgroup --every 10m | has no value",
                "--group core --hostgroups Routers | '--hostgroups'",
                "--group core Routers | 'Routers'",
                "--group core --group edge --tag a | two groups",
                "--group 'co re' --tag a | 'co re'",
                "--group 'a,b' --tag a | 'a,b'",
                "--group core --tag =b | names no tag",
                "--group core --tag a --every 10 | --every",
                "--group core --tag a --every 1s | 60s to 1d",
                "--group core --tag 'a | quote",
                "--group core --tag '' | has no value",
                "--link-template=yes --group core --tag a | 'yes'",
            })
    void aMistakeInAnEntryIsNamedWithItsPlace(String entry, String said) {
        String problem = problem("  import:\n    - \"" + entry.strip() + "\"\n");
        assertTrue(problem.startsWith("FILE:"), problem);
        assertTrue(problem.contains("zabbix.import"), problem);
        assertTrue(problem.contains(said.strip()), problem);
    }

    @Test
    void twoEntriesCannotFillOneGroup() {
        String problem = problem("  import: [\"--group core --tag a\", \"--group core --tag b\"]\n");
        assertTrue(problem.contains("'core'"), problem);
    }

    @Test
    void importsNeedAnApi() {
        List<String> problems = ConfigTesting.problems("zabbix:\n  import: [\"--group core --tag a\"]\n", NAMED);
        assertTrue(problems.get(0).contains("zabbix.api-url"), problems.toString());
    }

    @Test
    void urlAndTokenBelongTogether() {
        assertTrue(ConfigTesting.problems("zabbix:\n  api-url: https://z.example\n", NAMED)
                .get(0)
                .contains("zabbix.api-token-file"));
        assertTrue(ConfigTesting.problems("zabbix:\n  api-token-file: " + token + "\n", NAMED)
                .get(0)
                .contains("zabbix.api-url"));
    }

    @Test
    void aTokenThatEverybodyCanReadIsRefused() throws IOException {
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
        String problem = problem("");
        assertTrue(problem.contains("zabbix.api-token-file") && problem.contains("chmod"), problem);
    }

    @Test
    void anAuthorityWithoutTlsIsRefused() {
        List<String> problems = ConfigTesting.problems(
                "zabbix:\n  api-url: http://z.example\n  api-token-file: " + token + "\n  api-ca-file: " + token + "\n",
                NAMED);
        assertTrue(problems.get(0).contains("zabbix.api-ca-file"), problems.toString());
    }
}
