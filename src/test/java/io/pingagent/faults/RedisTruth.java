package io.pingagent.faults;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.pingagent.e2e.Catalogue;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Compares every key of an agent with what is true.
 *
 * @param addresses all that are probed
 * @param dead those of them that do not answer
 */
record RedisTruth(Catalogue catalogue, String agent, List<String> addresses, Set<String> dead) {

    /** The first thing that is not as it should be; empty if all of it is. */
    String wrong() {
        try (Jedis redis = catalogue.connect()) {
            Set<String> listed = redis.smembers("agent-err-list_" + agent);
            if (!listed.equals(dead)) {
                return "the err list " + difference(listed, dead);
            }
            Set<String> answering = new TreeSet<>();
            for (String address : addresses) {
                if (redis.exists("agent-ip-last-ms_" + agent + "_" + address)) {
                    answering.add(address);
                }
            }
            Set<String> alive = new TreeSet<>(addresses);
            alive.removeAll(dead);
            if (!answering.equals(alive)) {
                return "last-ms keys: " + difference(answering, alive);
            }
            if (!redis.sismember("agent-list", agent)) {
                return "agent-list lacks the agent";
            }
            if (!"online".equals(redis.get("agent-online_" + agent))) {
                return "agent-online is missing";
            }
            if (redis.get("agent-stats_" + agent) == null) {
                return "agent-stats is missing";
            }
            return wrongStatus();
        } catch (JedisException e) {
            return "Redis: " + e.getMessage();
        }
    }

    private String wrongStatus() {
        try {
            Map<String, JsonObject> status = catalogue.status(agent);
            if (!status.keySet().equals(new TreeSet<>(addresses))) {
                return "the status string " + difference(status.keySet(), new TreeSet<>(addresses));
            }
            for (String address : addresses) {
                boolean listed = status.get(address).get("InErrList").getAsBoolean();
                if (listed != dead.contains(address)) {
                    return "the status string calls " + address + (listed ? " listed" : " not listed");
                }
            }
            return "";
        } catch (JsonParseException | IllegalStateException e) {
            return "the status string is not JSON: " + e.getMessage();
        }
    }

    private static String difference(Set<String> found, Set<String> right) {
        Set<String> missing = new TreeSet<>(right);
        missing.removeAll(found);
        Set<String> tooMany = new TreeSet<>(found);
        tooMany.removeAll(right);
        return "lacks " + missing.size() + some(missing) + " and has " + tooMany.size() + some(tooMany) + " too many";
    }

    private static String some(Set<String> all) {
        return all.isEmpty() ? "" : " (" + all.iterator().next() + " …)";
    }
}
