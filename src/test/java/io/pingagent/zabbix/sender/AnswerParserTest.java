package io.pingagent.zabbix.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.ZabbixServer;
import io.pingagent.zabbix.sender.SenderAnswer.Counts;
import io.pingagent.zabbix.sender.SenderAnswer.Redirect;
import io.pingagent.zabbix.sender.SenderAnswer.Refused;
import io.pingagent.zabbix.transport.BadAnswerException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerParserTest {

    @Test
    void countsAreRead() throws Exception {
        assertEquals(
                new Counts(2, 1),
                parse(
                        "{\"response\":\"success\",\"info\":\"processed: 2; failed: 1; total: 3; seconds spent: 0.000060\"}",
                        3));
    }

    @Test
    void redirectsOfProxyGroupsAreRead() throws Exception {
        assertEquals(
                new Redirect(new ZabbixServer("proxy2", 10_061), 7),
                parse("{\"response\":\"failed\",\"redirect\":{\"revision\":7,\"address\":\"proxy2:10061\"}}", 1));
        assertEquals(
                new Redirect(new ZabbixServer("2001:db8::1", 10_051), 7),
                parse("{\"response\":\"failed\",\"redirect\":{\"revision\":7,\"address\":\"2001:db8::1\"}}", 1));
        assertEquals(new Redirect(null, 0), parse("{\"response\":\"failed\",\"redirect\":{\"reset\":true}}", 1));
    }

    @Test
    void refusalsKeepTheirReasonOnOneLine() throws Exception {
        assertEquals(new Refused("not?now"), parse("{\"response\":\"failed\",\"info\":\"not\\nnow\"}", 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{}",
                "{",
                "\u0000",
                "{\"response\":\"success\"}",
                "{\"response\":\"success\",\"info\":\"\"}",
                "{\"response\":\"success\",\"info\":\"processed: 1; failed: 0\"}",
                "{\"response\":\"success\",\"info\":\"processed: 1; failed: 0; total: 2\"}",
                "{\"response\":\"success\",\"info\":\"processed: 2; failed: 0; total: 2\"}",
                "{\"response\":\"success\",\"info\":\"processed: -1; failed: 2; total: 1\"}",
                "{\"response\":\"success\",\"info\":\"processed: 99999999999; failed: 0; total: 1\"}",
                "{\"response\":\"success\",\"info\":[\"processed: 1; failed: 0; total: 1\"]}",
                "{\"response\":\"failed\",\"redirect\":{\"revision\":7,\"address\":\"proxy:0\"}}",
                "{\"response\":\"failed\",\"redirect\":{\"revision\":7,\"address\":\"\"}}",
                "{\"response\":\"failed\",\"redirect\":{\"revision\":-7,\"address\":\"proxy\"}}",
                "{\"response\":\"failed\",\"redirect\":{\"revision\":7}}",
                "{\"response\":1}"
            })
    void anythingElseIsNoAcknowledgement(String answer) {
        assertThrows(BadAnswerException.class, () -> parse(answer, 1));
    }

    @Test
    void messagesQuoteLittleOfAHostileAnswer() {
        String message = assertThrows(
                        BadAnswerException.class, () -> parse("{\"a\":\"" + "\u001b[31mx".repeat(9_999) + "\"}", 1))
                .getMessage();
        assertTrue(message.length() < 400 && message.indexOf('\u001b') < 0, message);
    }

    @Test
    void deepNestingIsAnError() {
        assertThrows(BadAnswerException.class, () -> parse("[".repeat(60_000), 1));
        assertThrows(BadAnswerException.class, () -> parse("{\"a\":".repeat(10_000), 1));
    }

    @Test
    void brokenUtf8IsAnError() {
        assertThrows(BadAnswerException.class, () -> AnswerParser.parse(new byte[] {'{', (byte) 0xff, '}'}, 1));
    }

    private static SenderAnswer parse(String text, int sent) throws BadAnswerException {
        return AnswerParser.parse(text.getBytes(StandardCharsets.UTF_8), sent);
    }
}
