package io.pingagent.pages;

import io.pingagent.config.AllowedValues;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code ping-agent.yaml(5)}, made from the example configuration, whose comments describe every key. */
final class ConfigurationPage {

    /** A key that is set to its default, or one that has none and is commented out. */
    private static final Pattern KEY = Pattern.compile("( *)#?([a-z0-9-]+):(?: (.*))?");

    static final String EXAMPLE = """
            agent:
              name: gza
            redis:
              url: rediss://ping-agent-gza@redis.example.net:6379/0
              password-file: /etc/ping-agent/redis-password
            probe:
              timeout: 800ms
              receive-buffer: 16MiB
            err-list:
              enter-after: 2
              check-spec: "*/5 * * * * *"
            zabbix:
              servers: [zabbix1.example.net, "[2001:db8::1]:10051"]
            """;

    private ConfigurationPage() {}

    static String text(ManualPage.Heading heading, List<String> example) {
        Roff roff = new Roff().title("PING-AGENT.YAML", "5", heading);
        roff.section("NAME").line("ping\\-agent.yaml \\- configuration of ping\\-agent");
        roff.section("SYNOPSIS").line("\\fI/etc/ping\\-agent/ping\\-agent.yaml\\fR");
        roff.section("DESCRIPTION");
        roff.paragraph(
                "A YAML file in UTF-8; an unknown key is an error, and a key that is missing has its default. Every key can"
                        + " be overridden by the environment: PING_AGENT_ERR_LIST_ENTER_AFTER for err-list.enter-after.");
        roff.paragraph("'ping-agent check-config' reports every problem, and prints what is in effect.");
        roff.section("UNITS");
        roff.term("duration", "A number with its unit: 500ms, 30s, 10m, 1h or 7d.");
        roff.term("size", "Bytes, or a number with KiB, MiB or GiB.");
        roff.term(
                "cron spec",
                "Five fields (minute first), six fields (second first), or @every 10s, @hourly and the like; in quotes.");
        roff.term("list", "A YAML list; in the environment its members with commas between them.");
        roff.section("KEYS");
        Map<String, String> allowed = AllowedValues.byKey();
        List<String> comment = new ArrayList<>();
        Deque<String> path = new ArrayDeque<>();
        for (String line : example) {
            Matcher key = KEY.matcher(line);
            if (key.matches()) {
                int depth = key.group(1).length() / 2;
                while (path.size() > depth) {
                    path.removeLast();
                }
                path.addLast(key.group(2));
                String name = String.join(".", path);
                String description = String.join(" ", comment);
                comment.clear();
                String value = key.group(3);
                if (value == null && !line.strip().startsWith("#")) {
                    roff.line(".SS " + Roff.literal(name)).line(Roff.text(description));
                } else {
                    String given = value == null ? "" : " Default: " + value + ".";
                    roff.term(
                            "\\fB" + Roff.literal(name) + "\\fR",
                            description + " Allowed: " + allowed.get(name) + "." + given);
                }
            } else if (line.strip().startsWith("# ")) {
                comment.add(line.strip().substring(2));
            } else {
                comment.clear();
            }
        }
        roff.section("EXAMPLE").line(".PP").line(".nf");
        EXAMPLE.lines().map(Roff::literal).forEach(roff::line);
        roff.line(".fi");
        roff.section("FILES");
        roff.term(
                "\\fI/etc/ping\\-agent/ping\\-agent.yaml\\fR",
                "Read where neither --config nor PING_AGENT_CONFIG names another.");
        roff.section("SEE ALSO")
                .line(
                        "\\fBping\\-agent\\fR(1), \\fBping\\-agent\\-check\\-config\\fR(1), \\fBping\\-agent\\-doctor\\fR(1)");
        return roff.toString();
    }
}
