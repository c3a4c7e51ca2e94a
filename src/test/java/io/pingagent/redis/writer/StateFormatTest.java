package io.pingagent.redis.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StateFormatTest {

    private static String text(AsciiBuffer buffer) {
        return new String(buffer.bytes(), 0, buffer.length(), StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 0.001",
        "499, 1, 0.001",
        "20000, 1, 0.020",
        "1499999, 1, 1.500",
        "1500000, 2, 1.500",
        "11204499, 11, 11.204",
        "11204500, 11, 11.205",
        "999999999999, 1000000, 1000000.000"
    })
    void roundsHalfUpAndNeverToNothing(long nanos, String whole, String decimal) {
        AsciiBuffer out = new AsciiBuffer(1);
        StateFormat.lastMs(out, nanos, false);
        assertEquals(whole, text(out));
        out.clear();
        StateFormat.lastMs(out, nanos, true);
        assertEquals(decimal, text(out));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0.0.0.0", "192.0.2.1", "255.255.255.255", "::", "::1", "2001:db8::ff00:42:8329", "fe80::1"})
    void writesAddressesAsTheModelDoes(String address) {
        IpAddress parsed = Addresses.parse(address);
        assertEquals(parsed.toString(), text(new AsciiBuffer(1).put(parsed)));
    }

    @Test
    void writesTheJsonOfTheContract() {
        AsciiBuffer out = new AsciiBuffer(1);
        StateFormat.status(out, Addresses.parse("192.0.2.1"), 60, 59, false);
        assertEquals(
                "\"192.0.2.1\":{\"SendCount\":60,\"ReturnCount\":59,\"ip\":\"192.0.2.1\",\"InErrList\":false}",
                text(out));
        out.clear();
        StateFormat.perIp(out, Addresses.parse("192.0.2.1"), 6, 0, true);
        assertEquals("{\"send_count\":6,\"return_count\":0,\"ip\":\"192.0.2.1\",\"err\":true}", text(out));
    }
}
