package io.pingagent.e2e;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/**
 * What people and other programs see of an agent in Redis: they write jobs and groups, and read state. Each call has a
 * connection of its own, because tests stop the server in between. Any thread.
 */
public final class Catalogue {

    private final URI url;

    public Catalogue(URI url) {
        this.url = url;
    }

    public Jedis connect() {
        return new Jedis(
                new HostAndPort(url.getHost(), url.getPort()),
                DefaultJedisClientConfig.builder()
                        .autoNegotiateProtocol(false)
                        .timeoutMillis(5_000)
                        .build());
    }

    public <T> T ask(Function<Jedis, T> question) {
        try (Jedis redis = connect()) {
            return question.apply(redis);
        }
    }

    /** Any command, in words as {@code redis-cli} takes them. */
    public void command(String... words) {
        List<String> arguments = List.of(words).subList(1, words.length);
        ask(redis -> redis.sendCommand(
                () -> words[0].getBytes(StandardCharsets.US_ASCII), arguments.toArray(String[]::new)));
    }

    /** A job that all agents run. */
    public Catalogue job(String name, String spec, String... groups) {
        return jobText(name, definition(name, spec, "", groups));
    }

    /** As {@link #job}, with more fields: {@code "pttl":7,}. */
    public Catalogue jobWith(String fields, String name, String spec, String... groups) {
        return jobText(name, definition(name, spec, fields, groups));
    }

    public Catalogue jobText(String name, String json) {
        ask(redis -> redis.set("job_" + name, json));
        ask(redis -> redis.sadd("job-list", name));
        return this;
    }

    /** A job that one agent runs, with a definition of its own: the earlier layout. */
    public Catalogue jobOf(String agent, String name, String spec, String... groups) {
        ask(redis -> redis.set("agent_" + agent + "_" + name, definition(name, spec, "", groups)));
        ask(redis -> redis.sadd("agent-jobs_" + agent, name));
        return this;
    }

    public static String definition(String name, String spec, String fields, String... groups) {
        JsonArray names = new JsonArray();
        for (String group : groups) {
            names.add(group);
        }
        return "{" + fields + "\"SPEC\":\"" + spec + "\",\"name\":\"" + name + "\",\"group\":" + names + "}";
    }

    public Catalogue group(String name, List<String> members) {
        ask(redis -> redis.sadd("group_" + name, members.toArray(String[]::new)));
        ask(redis -> redis.sadd("group-list", name));
        return this;
    }

    public Catalogue group(String name, String... members) {
        return group(name, List.of(members));
    }

    /** Consecutive addresses in text form. */
    public static List<String> range(String first, int count) {
        IpAddress start = Addresses.parse(first);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add((start.isV6()
                            ? IpAddress.v6(start.high(), start.low() + i, 0)
                            : IpAddress.v4((int) start.low() + i))
                    .toString());
        }
        return texts;
    }

    public boolean exists(String key) {
        return ask(redis -> redis.exists(key));
    }

    public boolean isErrListed(String agent, String address) {
        return ask(redis -> redis.sismember("agent-err-list_" + agent, address));
    }

    /** What {@code agent-all-ip-status} says, by address; empty if there is none. */
    public Map<String, JsonObject> status(String agent) {
        String text = ask(redis -> redis.get("agent-all-ip-status_" + agent));
        Map<String, JsonObject> byAddress = new TreeMap<>();
        if (text != null) {
            JsonParser.parseString(text)
                    .getAsJsonObject()
                    .entrySet()
                    .forEach(entry ->
                            byAddress.put(entry.getKey(), entry.getValue().getAsJsonObject()));
        }
        return byAddress;
    }

    /** What {@code agent-stats} says; empty if there is none. */
    public JsonObject stats(String agent) {
        String text = ask(redis -> redis.get("agent-stats_" + agent));
        return text == null ? new JsonObject() : JsonParser.parseString(text).getAsJsonObject();
    }
}
