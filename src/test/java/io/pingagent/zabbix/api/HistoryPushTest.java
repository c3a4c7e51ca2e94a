package io.pingagent.zabbix.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.zabbix.api.HistoryPush.Reason;
import io.pingagent.zabbix.api.HistoryPush.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryPushTest {

    private static final String NO_PERMISSIONS = "No permissions to referred object or it does not exist.";

    @TempDir
    Path directory;

    private static Value value(String host, String key) {
        return new Value(host, key, "1", 1_700_000_000, 5);
    }

    private static String errors(String... texts) {
        return "{\"response\":\"success\",\"data\":["
                + List.of(texts).stream()
                        .map(text -> text.isEmpty() ? "{\"itemid\":\"1\"}" : "{\"error\":\"" + text + "\"}")
                        .collect(Collectors.joining(","))
                + "]}";
    }

    @Test
    void eachRefusalHasItsReason() throws Exception {
        try (FakeApi api = new FakeApi("7.0.22")) {
            api.result(
                    "history.push",
                    errors(
                            "",
                            NO_PERMISSIONS,
                            NO_PERMISSIONS,
                            NO_PERMISSIONS,
                            "Item is disabled.",
                            "Unsupported item type.",
                            "Host is not monitored.",
                            "Connection source address is not in item's allowed hosts list.",
                            "Something new."));
            api.result(
                    "host.get",
                    "[{\"hostid\":\"1\",\"host\":\"a\",\"status\":\"0\"},"
                            + "{\"hostid\":\"2\",\"host\":\"off\",\"status\":\"1\"}]");
            api.result(
                    "item.get",
                    "[{\"key_\":\"new\",\"type\":\"2\",\"status\":\"0\"},"
                            + "{\"key_\":\"disabled\",\"type\":\"2\",\"status\":\"1\"},"
                            + "{\"key_\":\"calculated\",\"type\":\"15\",\"status\":\"0\"},"
                            + "{\"key_\":\"allowed\",\"type\":\"2\",\"status\":\"0\"},"
                            + "{\"key_\":\"other\",\"type\":\"2\",\"status\":\"0\"}]");
            HistoryPush.Outcome outcome = new HistoryPush(api.open(directory))
                    .push(List.of(
                            value("a", "ok"),
                            value("b", "x"),
                            value("a", "missing"),
                            value("a", "new"),
                            value("a", "disabled"),
                            value("a", "calculated"),
                            value("off", "x"),
                            value("a", "allowed"),
                            value("a", "other")));
            assertEquals(1, outcome.accepted());
            assertEquals(
                    List.of(
                            Reason.NO_HOST,
                            Reason.NO_ITEM,
                            Reason.NOT_IN_CACHE,
                            Reason.ITEM_DISABLED,
                            Reason.NO_TRAPPER,
                            Reason.HOST_DISABLED,
                            Reason.NOT_ALLOWED,
                            Reason.OTHER),
                    outcome.refused().stream().map(HistoryPush.Group::reason).toList());
            assertEquals(List.of("b x"), outcome.refused().get(0).examples());
        }
    }

    @Test
    void aThousandValuesOfOneReasonAreOneGroup() throws Exception {
        try (FakeApi api = new FakeApi("7.2.0")) {
            List<Integer> parts = new ArrayList<>();
            api.results("history.push", asked -> {
                int size = asked.request().getAsJsonArray("params").size();
                parts.add(size);
                return errors(
                        IntStream.range(0, size).mapToObj(i -> NO_PERMISSIONS).toArray(String[]::new));
            });
            HistoryPush.Outcome outcome = new HistoryPush(api.open(directory))
                    .push(IntStream.range(0, 2_500)
                            .mapToObj(i -> value("nobody", "k" + i))
                            .toList());
            assertEquals(List.of(1_000, 1_000, 500), parts);
            assertEquals(1, outcome.refused().size());
            assertEquals(2_500, outcome.refused().get(0).values());
            assertEquals(3, outcome.refused().get(0).examples().size());
        }
    }

    @Test
    void anAnswerForFewerValuesIsNone() throws Exception {
        try (FakeApi api = new FakeApi("7.0.22")) {
            HistoryPush push = new HistoryPush(api.open(directory));
            for (String answer : List.of(errors(""), "{\"response\":\"fail\",\"info\":\"no server\"}", "{}")) {
                api.result("history.push", answer);
                assertThrows(ApiException.class, () -> push.push(List.of(value("a", "1"), value("a", "2"))), answer);
            }
        }
    }

    @Test
    void version6SaysWhatToDoInstead() throws Exception {
        try (FakeApi api = new FakeApi("6.4.9")) {
            ApiSession session = api.open(directory);
            ApiException e = assertThrows(ApiException.class, () -> new HistoryPush(session));
            assertTrue(e.getMessage().contains("7.0"), e.getMessage());
            assertTrue(e.remedy().contains("doctor"), e.getMessage());
        }
    }
}
