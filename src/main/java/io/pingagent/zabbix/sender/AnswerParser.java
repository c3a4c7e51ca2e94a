package io.pingagent.zabbix.sender;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.pingagent.base.OneLine;
import io.pingagent.model.ZabbixServer;
import io.pingagent.zabbix.sender.SenderAnswer.Counts;
import io.pingagent.zabbix.sender.SenderAnswer.Known;
import io.pingagent.zabbix.sender.SenderAnswer.Redirect;
import io.pingagent.zabbix.sender.SenderAnswer.Refused;
import io.pingagent.zabbix.transport.BadAnswerException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code {"response":"success","info":"processed: 1; failed: 0; total: 1; seconds spent: 0.000060"}}. Anything
 * that does not add up is an error: to take a wrong answer for an acknowledgement would lose values.
 */
public final class AnswerParser {

    private static final Pattern INFO =
            Pattern.compile("processed: (\\d{1,9}); failed: (\\d{1,9}); total: (\\d{1,9})(?:;.*)?");
    private static final int MAX_QUOTED = 200;

    private AnswerParser() {}

    /**
     * @param sent how many values the packet held
     * @throws BadAnswerException if this is no answer to such a packet
     */
    public static SenderAnswer parse(byte[] json, int sent) throws BadAnswerException {
        String text = text(json);
        return read(object(text), sent, text);
    }

    /**
     * The answer to {@link ActiveChecks}.
     *
     * @return {@link Known}, {@link Refused} or {@link Redirect}
     * @throws BadAnswerException if it is none
     */
    public static SenderAnswer parseActiveChecks(byte[] json) throws BadAnswerException {
        String text = text(json);
        JsonObject answer = object(text);
        return "success".equals(string(answer.get("response"))) ? new Known() : failed(answer, text);
    }

    private static String text(byte[] json) throws BadAnswerException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadAnswerException("the answer is no UTF-8");
        }
    }

    private static JsonObject object(String text) throws BadAnswerException {
        try {
            JsonElement root = JsonParser.parseString(text);
            if (root.isJsonObject()) {
                return root.getAsJsonObject();
            }
        } catch (JsonParseException | IllegalStateException | NumberFormatException e) {
            // Reported below, with what came.
        }
        throw bad("the answer is no JSON object", text);
    }

    private static SenderAnswer read(JsonObject answer, int sent, String text) throws BadAnswerException {
        String response = string(answer.get("response"));
        String info = string(answer.get("info"));
        if ("success".equals(response) && info != null) {
            Matcher matcher = INFO.matcher(info);
            if (!matcher.matches()) {
                throw bad("the answer does not count the values", text);
            }
            Counts counts = new Counts(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
            if (counts.total() != Integer.parseInt(matcher.group(3)) || counts.total() != sent) {
                throw bad("the answer counts other values than the " + sent + " that were sent", text);
            }
            return counts;
        }
        return failed(answer, text);
    }

    private static SenderAnswer failed(JsonObject answer, String text) throws BadAnswerException {
        String info = string(answer.get("info"));
        if ("failed".equals(string(answer.get("response")))) {
            JsonElement redirect = answer.get("redirect");
            if (redirect != null && redirect.isJsonObject()) {
                return redirect(redirect.getAsJsonObject(), text);
            }
            return new Refused(cut(info == null ? "no reason given" : info));
        }
        throw bad("the answer says neither success nor failed", text);
    }

    private static Redirect redirect(JsonObject redirect, String text) throws BadAnswerException {
        JsonElement reset = redirect.get("reset");
        if (reset != null && "true".equals(string(reset))) {
            return new Redirect(null, 0);
        }
        String address = string(redirect.get("address"));
        String revision = string(redirect.get("revision"));
        if (address == null || revision == null) {
            throw bad("the redirect names no proxy", text);
        }
        try {
            return new Redirect(ZabbixServer.parse(address), Long.parseUnsignedLong(revision));
        } catch (IllegalArgumentException e) {
            throw bad("the redirect names no proxy", text);
        }
    }

    private static @Nullable String string(@Nullable JsonElement element) {
        return element == null || !element.isJsonPrimitive() ? null : element.getAsString();
    }

    private static BadAnswerException bad(String what, String answer) {
        return new BadAnswerException(what + ": " + cut(answer));
    }

    private static String cut(String text) {
        return OneLine.of(text, MAX_QUOTED);
    }
}
