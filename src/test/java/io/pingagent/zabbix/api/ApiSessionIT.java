package io.pingagent.zabbix.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.pingagent.testkit.SecretFiles;
import io.pingagent.zabbix.api.ApiException.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ApiSessionIT {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"6.0.14, true", "6.2.9, true", "6.4.0, false", "7.0.22, false", "7.4.0rc1, false", "8.0.0alpha1, false"
    })
    void theTokenIsWhereTheVersionWantsIt(String version, boolean inBody) throws Exception {
        try (FakeApi api = new FakeApi(version)) {
            api.result("host.get", "\"3\"");
            ApiSession session = api.open(directory);
            assertEquals(3, new HostReader(session).countReadable());
            assertEquals(version, session.version().toString());
            FakeApi.Asked asked = api.asked.get(1);
            assertEquals(inBody, asked.request().has("auth"));
            assertEquals(inBody ? "" : "Bearer " + FakeApi.TOKEN, asked.authorization());
        }
    }

    @Test
    void theFirstRequestHasNoToken() throws Exception {
        try (FakeApi api = new FakeApi("7.0.22")) {
            api.open(directory);
            assertEquals("", api.asked.get(0).authorization());
            assertFalse(api.asked.get(0).request().toString().contains(FakeApi.TOKEN));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.4.12", "4.0.0"})
    void refusesAnApiThatIsTooOld(String version) throws Exception {
        try (FakeApi api = new FakeApi(version)) {
            ApiException e = assertThrows(ApiException.class, () -> api.open(directory));
            assertEquals(Kind.REFUSED, e.kind());
            assertTrue(e.getMessage().contains(version), e.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "\"seven\"",
                "7",
                "[]",
                "{}",
                "null",
                "true",
                "\"7\"",
                "\"99999999999.0\"",
                "\"7.0\\u001b[31m\"",
            })
    void refusesWhatIsNoVersion(String version) throws Exception {
        try (FakeApi api = new FakeApi("7.0.0")) {
            api.result("apiinfo.version", version);
            ApiException e = assertThrows(ApiException.class, () -> api.open(directory));
            assertEquals(Kind.REFUSED, e.kind());
            assertFalse(e.getMessage().chars().anyMatch(Character::isISOControl), e.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Not authorized. | NOT_PERMITTED | zabbix.api-token-file",
                "Not authorised. | NOT_PERMITTED | zabbix.api-token-file",
                "Session terminated, re-login, please. | NOT_PERMITTED | zabbix.api-token-file",
                "API token expired. | NOT_PERMITTED | zabbix.api-token-file",
                "No permissions to call \\\"host.get\\\". | NOT_PERMITTED | role",
                "You do not have permission to perform this operation. | NOT_PERMITTED | read-write",
                "No permissions to referred object or it does not exist! | NOT_PERMITTED | host groups",
                "Invalid parameter \\\"/1\\\": unexpected. | REFUSED | API says",
                "Incorrect API \\\"host\\\". | REFUSED | role",
                "Error connecting to database: Connection refused. | AWAY | database",
                "SQL statement execution has failed \\\"SELECT 1\\\". | AWAY | database",
            })
    void anErrorOfTheApiNamesItsRemedy(String data, Kind kind, String inRemedy) throws Exception {
        try (FakeApi api = new FakeApi("6.0.14")) {
            api.error("host.get", data);
            HostReader reader = new HostReader(api.open(directory));
            ApiException e = assertThrows(ApiException.class, reader::countReadable);
            assertEquals(kind, e.kind(), e.getMessage());
            assertTrue(e.remedy().contains(inRemedy), e.getMessage());
            assertTrue(kind == Kind.AWAY || e.what().contains("host.get"), e.getMessage());
            assertFalse(e.getMessage().contains(FakeApi.TOKEN), e.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | <html><head><title>Zabbix: Warning</title></head><body><p>x</p></body></html> | REFUSED | Zabbix: Warning",
                "200 | hello | REFUSED | hello",
                "200 | '' | AWAY | nothing",
                "200 | {\"jsonrpc\":\"2.0\",\"result\":\"7.0 | AWAY | breaks off",
                "200 | {\"jsonrpc\":\"2.0\",\"id\":1} | REFUSED | jsonrpc",
                "200 | {\"jsonrpc\":\"2.0\",\"result\":\"7.0.0\"}<html> | REFUSED | result",
                "200 | [1,2,3] | REFUSED | [1,2,3]",
                "200 | {\"error\":\"bad\"} | REFUSED | bad",
                "200 | {\"error\":null} | REFUSED | null",
                "500 | <html><head><title>500 Internal</title></head></html> | AWAY | 500 Internal",
                "502 | '' | AWAY | HTTP 502",
                "503 | <b>no title</b> | AWAY | HTTP 503",
                "401 | '' | NOT_PERMITTED | HTTP 401",
                "403 | Forbidden | NOT_PERMITTED | Forbidden",
                "404 | <html><title>Not Found</title></html> | REFUSED | /zabbix",
                "413 | too large | REFUSED | 2 MiB",
                "418 | teapot | REFUSED | teapot",
            })
    void aHostileWebServerIsOneLine(int status, String body, Kind kind, String said) throws Exception {
        try (FakeApi api = new FakeApi("7.0.0")) {
            api.handle(exchange -> {
                exchange.getRequestBody().readAllBytes();
                FakeApi.send(exchange, status, body);
            });
            ApiException e = assertThrows(ApiException.class, () -> api.open(directory));
            assertEquals(kind, e.kind(), e.getMessage());
            assertTrue(e.getMessage().contains(said), e.getMessage());
            assertFalse(e.getMessage().contains("<p>") || e.getMessage().contains("<b>"), e.getMessage());
            assertTrue(e.getMessage().lines().count() == 1, e.getMessage());
        }
    }

    @Test
    void aLongPageIsShortInTheMessage() throws Exception {
        try (FakeApi api = new FakeApi("7.0.0")) {
            api.handle(exchange -> FakeApi.send(exchange, 500, "word ".repeat(100_000)));
            ApiException e = assertThrows(ApiException.class, () -> api.open(directory));
            assertTrue(e.getMessage().length() < 500, e.getMessage());
        }
    }

    @Test
    void anEndlessAnswerEnds() throws Exception {
        try (FakeApi api = new FakeApi("7.0.0")) {
            api.handle(exchange -> {
                exchange.sendResponseHeaders(200, 0);
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write("{\"x\":[".getBytes(StandardCharsets.UTF_8));
                    byte[] part = "0,".repeat(1 << 18).getBytes(StandardCharsets.UTF_8);
                    for (int i = 0; i < 400; i++) {
                        out.write(part);
                    }
                }
            });
            ApiException e = assertThrows(ApiException.class, () -> api.open(directory));
            assertEquals(Kind.AWAY, e.kind());
            assertTrue(e.getMessage().contains("64 MiB"), e.getMessage());
        }
    }

    @Test
    void anAnswerThatDripsEndsAtTheDeadline() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> drip(server, closed), "dripping-server");
            thread.setDaemon(true);
            thread.start();
            ApiSettings settings = new ApiSettings(
                    URI.create("http://127.0.0.1:" + server.getLocalPort() + "/api_jsonrpc.php"),
                    SecretFiles.write(directory.resolve("token"), FakeApi.TOKEN),
                    null,
                    Duration.ofSeconds(1));
            ApiException e = assertThrows(ApiException.class, () -> ApiSession.open(settings));
            assertEquals(Kind.AWAY, e.kind());
            assertTrue(e.getMessage().contains("1.0 s"), e.getMessage());
            closed.await();
        }
    }

    /** One byte of a header now and then, so that no single read is ever late. */
    private static void drip(ServerSocket server, CountDownLatch closed) {
        try (Socket socket = server.accept()) {
            OutputStream out = socket.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write('x');
                out.flush();
                Thread.sleep(20);
            }
        } catch (IOException e) {
            closed.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void namesAPortWhereNobodyListens() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        ApiSettings settings = new ApiSettings(
                URI.create("http://127.0.0.1:" + port + "/api_jsonrpc.php"),
                SecretFiles.write(directory.resolve("token"), FakeApi.TOKEN),
                null,
                Duration.ofSeconds(5));
        ApiException e = assertThrows(ApiException.class, () -> ApiSession.open(settings));
        assertEquals(Kind.AWAY, e.kind());
        assertTrue(e.getMessage().contains("connection refused"), e.getMessage());
    }

    @Test
    void aRequestIsNeverSentTwice() throws Exception {
        try (FakeApi api = new FakeApi("7.0.0")) {
            int[] count = {0};
            api.handle(exchange -> {
                count[0]++;
                exchange.getRequestBody().readAllBytes();
                exchange.close();
            });
            assertEquals(
                    Kind.AWAY,
                    assertThrows(ApiException.class, () -> api.open(directory)).kind());
            assertEquals(1, count[0]);
        }
    }

    @Test
    void followsARedirectOnTheSameHostWithoutTheToken() throws Exception {
        try (FakeApi api = new FakeApi("7.0.22")) {
            api.redirect(api.url().getPath(), "/zabbix/api_jsonrpc.php");
            api.result("host.get", "\"5\"");
            ApiSession session = api.open(directory);
            assertEquals(api.url().resolve("/zabbix/api_jsonrpc.php"), session.url());
            assertEquals(5, new HostReader(session).countReadable());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://192.0.2.1/api_jsonrpc.php",
                "http://localhost:1/api_jsonrpc.php",
                "http://127.0.0.1:1/api_jsonrpc.php",
                "http://127.0.0.1/api_jsonrpc.php",
                "ftp://127.0.0.1/api_jsonrpc.php",
                "http://127.0.0.1/index.php",
                "/login",
                "http://[broken",
                "javascript:alert(1)",
            })
    void followsNoRedirectElsewhere(String location) throws Exception {
        try (FakeApi api = new FakeApi("7.0.22")) {
            api.handle(exchange -> {
                exchange.getResponseHeaders().set("Location", location);
                FakeApi.send(exchange, 302, "");
            });
            ApiException e = assertThrows(ApiException.class, () -> api.open(directory));
            assertEquals(Kind.REFUSED, e.kind());
            assertTrue(e.getMessage().contains(location), e.getMessage());
        }
    }

    @Test
    void followsNoRedirectWithTheToken() throws Exception {
        try (FakeApi api = new FakeApi("7.0.22")) {
            ApiSession session = api.open(directory);
            api.handle(exchange -> {
                exchange.getResponseHeaders().set("Location", api.url().toString());
                FakeApi.send(exchange, 307, "");
            });
            ApiException e = assertThrows(ApiException.class, () -> new HostReader(session).countReadable());
            assertEquals(Kind.REFUSED, e.kind());
        }
    }

    @Test
    void aCircleOfRedirectsEnds() throws Exception {
        try (FakeApi api = new FakeApi("7.0.22")) {
            api.handle(exchange -> {
                exchange.getResponseHeaders().set("Location", api.url().toString());
                FakeApi.send(exchange, 301, "");
            });
            ApiException e = assertThrows(ApiException.class, () -> api.open(directory));
            assertTrue(e.getMessage().contains("circle"), e.getMessage());
        }
    }

    @Test
    void refusesATokenThatEverybodyCanRead() throws Exception {
        try (FakeApi api = new FakeApi("7.0.22")) {
            ApiSettings settings = api.settings(directory);
            Files.setPosixFilePermissions(settings.tokenFile(), PosixFilePermissions.fromString("rw-r--r--"));
            ApiException e = assertThrows(ApiException.class, () -> ApiSession.open(settings));
            assertTrue(e.getMessage().contains("chmod o-rwx"), e.getMessage());
            assertTrue(api.asked.isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", "line\u0001"})
    void refusesWhatIsNoToken(String token) throws Exception {
        try (FakeApi api = new FakeApi("7.0.22")) {
            ApiSettings settings = api.settings(directory);
            SecretFiles.write(settings.tokenFile(), token);
            ApiException e = assertThrows(ApiException.class, () -> ApiSession.open(settings));
            assertFalse(e.getMessage().contains(token), e.getMessage());
        }
    }

    @Test
    void anAnswerOfAnotherFormIsRefused() throws Exception {
        try (FakeApi api = new FakeApi("7.0.22")) {
            ApiSession session = api.open(directory);
            for (String result :
                    new String[] {"[1]", "[\"x\"]", "[{\"hostid\":{}}]", "[{}]", "{}", "\"x\"", "7", "true"}) {
                api.result("host.get", result);
                ApiException e = assertThrows(
                        ApiException.class,
                        () -> session.each("host.get", new JsonObject(), host -> JsonFields.text(host, "hostid")),
                        result);
                assertEquals(Kind.REFUSED, e.kind(), e.getMessage());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://zabbix.example/api_jsonrpc.php, true",
        "http://192.0.2.1/api_jsonrpc.php, true",
        "http://127.evil.example/api_jsonrpc.php, true",
        "http://[2001:db8::1]/api_jsonrpc.php, true",
        "https://zabbix.example/api_jsonrpc.php, false",
        "http://localhost:8080/api_jsonrpc.php, false",
        "http://127.0.0.2/api_jsonrpc.php, false",
        "http://[::1]/api_jsonrpc.php, false"
    })
    void onlyThisMachineIsAskedInClearTextWithoutAWarning(URI url, boolean isInClear) {
        assertEquals(isInClear, ApiSession.isInClear(url));
    }

    @Test
    void aRedirectToHttpsStaysOnTheSameServer() throws Exception {
        URI from = URI.create("http://zabbix.example/api_jsonrpc.php");
        String https = "https://ZABBIX.example/api_jsonrpc.php";
        assertEquals(URI.create(https), Redirects.follow(from, https));
        for (String other : new String[] {
            "https://zabbix.example:8443/api_jsonrpc.php", "http://zabbix.example:8080/api_jsonrpc.php"
        }) {
            assertThrows(ApiException.class, () -> Redirects.follow(from, other), other);
        }
    }
}
