package io.pingagent.redis.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusReaderTest {

    private static List<String> read(String json) {
        List<String> seen = new ArrayList<>();
        StatusReader.read(
                new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)),
                "agent-all-ip-status_gza",
                (ip, sent, received, inErrList) -> seen.add(ip + " " + sent + " " + received + " " + inErrList));
        return seen;
    }

    @Test
    void readsWhatTheContractShows() {
        assertEquals(
                List.of("192.0.2.1 60 59 false", "2001:db8::1 1 0 true"),
                read("{\"192.0.2.1\":{\"SendCount\":60,\"ReturnCount\":59,\"ip\":\"192.0.2.1\",\"InErrList\":false},"
                        + "\"2001:db8::1\":{\"SendCount\":1,\"ReturnCount\":0,\"ip\":\"2001:db8::1\",\"InErrList\":true,"
                        + "\"more\":[1,{}]}}"));
        assertEquals(List.of(), read("{}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"a\":1}", "{\"a\":{\"SendCount\":\"x\"}}", "{\"a\":{", "\"x\"", "\u0000"})
    void namesTheKeyOfWhatIsBroken(String json) {
        AdminRefusedException failure = assertThrows(AdminRefusedException.class, () -> read(json));
        assertEquals(AdminRefusedException.Reason.WRONG_CONTENT, failure.reason());
        assertTrue(failure.getMessage().contains("agent-all-ip-status_gza"), failure.getMessage());
    }
}
