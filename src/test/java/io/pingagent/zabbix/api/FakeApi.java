package io.pingagent.zabbix.api;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pingagent.testkit.SecretFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A web server on a loopback port that answers each method as a test says. */
final class FakeApi implements AutoCloseable {

    static final String TOKEN = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    /** What came in. */
    record Asked(String method, JsonObject request, String authorization) {
        JsonObject parameters() {
            return request.getAsJsonObject("params");
        }
    }

    /** Answers a request by hand. */
    interface Handler {
        void answer(HttpExchange exchange) throws IOException;
    }

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "fake-api");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Function<Asked, String>> results = new HashMap<>();
    private final Map<String, String> redirects = new HashMap<>();
    private volatile Handler everything;

    FakeApi(String version) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        result("apiinfo.version", '"' + version + '"');
        server.start();
    }

    /** A method's result, as JSON. */
    void result(String method, String json) {
        results.put(method, asked -> "{\"jsonrpc\":\"2.0\",\"result\":" + json + ",\"id\":1}");
    }

    /** A method's result by what was asked, as JSON. */
    void results(String method, Function<Asked, String> json) {
        results.put(method, asked -> "{\"jsonrpc\":\"2.0\",\"result\":" + json.apply(asked) + ",\"id\":1}");
    }

    /** An error of the API, as Zabbix writes it. */
    void error(String method, String data) {
        results.put(
                method,
                asked -> "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32602,\"message\":\"Invalid params.\",\"data\":\""
                        + data + "\"},\"id\":1}");
    }

    /** The whole body of an answer, by what was asked. */
    void bodies(String method, Function<Asked, String> body) {
        results.put(method, body);
    }

    /** Requests for a path are sent elsewhere. */
    void redirect(String path, String location) {
        redirects.put(path, location);
    }

    /** Every request is answered by hand. */
    void handle(Handler handler) {
        everything = handler;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/api_jsonrpc.php");
    }

    ApiSettings settings(Path directory) throws IOException {
        return new ApiSettings(
                url(), SecretFiles.write(directory.resolve("token"), TOKEN + "\n"), null, Duration.ofSeconds(10));
    }

    ApiSession open(Path directory) throws IOException, ApiException {
        return ApiSession.open(settings(directory));
    }

    List<String> methods() {
        return asked.stream().map(Asked::method).toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        if (everything != null) {
            everything.answer(exchange);
            return;
        }
        String location = redirects.get(exchange.getRequestURI().getPath());
        if (location != null) {
            exchange.getResponseHeaders().set("Location", location);
            send(exchange, 301, "");
            return;
        }
        String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        JsonObject request = JsonParser.parseString(text).getAsJsonObject();
        String method = request.get("method").getAsString();
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        Asked one = new Asked(method, request, authorization == null ? "" : authorization);
        asked.add(one);
        send(
                exchange,
                200,
                results.getOrDefault(method, any -> "{\"jsonrpc\":\"2.0\",\"result\":[],\"id\":1}")
                        .apply(one));
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        // As every web server says to a client that wants no further answer (RFC 9112, 9.6); Java's does not by itself.
        exchange.getResponseHeaders().set("Connection", "close");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
