package io.pingagent.zabbix.api;

import static io.pingagent.testkit.FuzzChecks.check;

import com.google.gson.JsonParser;
import io.pingagent.testkit.FuzzChecks;
import io.pingagent.testkit.FuzzSeeds;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a web server answers is a result, or a failure with one line and a remedy; never anything else. */
class ApiAnswerFuzzTest {

    @ParameterizedTest
    @MethodSource("seeds")
    void anyAnswerIsAResultOrAFailure(byte[] input) throws IOException {
        fuzzerTestOneInput(input);
    }

    static Stream<Named<byte[]>> seeds() {
        return FuzzSeeds.of(ApiAnswerFuzzTest.class);
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        ApiAnswer answer =
                new ApiAnswer(URI.create("http://127.0.0.1/api_jsonrpc.php"), new ApiVersion(7, 0, "7.0.22"));
        try {
            check(
                    answer.read("host.get", new ByteArrayInputStream(input), reader -> JsonParser.parseReader(reader))
                            != null,
                    "no result");
        } catch (ApiException e) {
            FuzzChecks.message(e.getMessage());
            check(!e.remedy().isBlank(), "no remedy: " + e.getMessage());
        }
        try {
            answer.read("host.get", new ByteArrayInputStream(input), reader -> {
                reader.beginArray();
                while (reader.hasNext()) {
                    JsonFields.object(JsonParser.parseReader(reader), "host.get");
                }
                reader.endArray();
                return "";
            });
        } catch (ApiException e) {
            FuzzChecks.message(e.getMessage());
        }
    }
}
