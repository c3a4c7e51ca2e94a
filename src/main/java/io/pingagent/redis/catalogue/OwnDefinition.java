package io.pingagent.redis.catalogue;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.pingagent.base.OneLine;
import io.pingagent.model.Problem;
import java.io.IOException;
import java.io.StringReader;
import org.jspecify.annotations.Nullable;

/**
 * Whose definition an {@code agent_$agent_$jobname} is. Both names may contain {@code _}. So {@code agent_gz_a_core}
 * may be the job {@code a_core} of agent {@code gz} or the job {@code core} of agent {@code gz_a}. Its field
 * {@code name} decides. Stateless.
 */
public final class OwnDefinition {

    private static final String PREFIX = "agent_";
    private static final int MAX_NAME_SHOWN = 60;

    private OwnDefinition() {}

    /**
     * The problem of a definition whose name is the job of another agent; null if it is this agent's.
     *
     * @param key of the definition, as this agent would name it
     * @param job the name that this agent would give the job
     */
    public static @Nullable Problem foreign(String key, String agent, String job, String json) {
        String name = nameIn(json);
        if (name == null || name.isEmpty() || name.equals(job)) {
            return null;
        }
        int end = key.length() - name.length() - 1;
        if (end <= PREFIX.length() || !key.endsWith('_' + name)) {
            return null;
        }
        String owner = OneLine.of(key.substring(PREFIX.length(), end), MAX_NAME_SHOWN);
        return new Problem(
                key,
                "its name makes it the job '" + OneLine.of(name, MAX_NAME_SHOWN) + "' of agent '" + owner
                        + "', so agent '" + agent + "' leaves it alone",
                "give the job '" + OneLine.of(job, MAX_NAME_SHOWN) + "' of '" + agent + "' another name");
    }

    /** The first field {@code name}, in any case, as far as the definition can be read. */
    private static @Nullable String nameIn(String json) {
        try (JsonReader reader = new JsonReader(new StringReader(json))) {
            reader.beginObject();
            while (reader.hasNext()) {
                boolean wanted = reader.nextName().equalsIgnoreCase("name");
                if (wanted && reader.peek() == JsonToken.STRING) {
                    return reader.nextString();
                }
                reader.skipValue();
            }
        } catch (IOException | IllegalStateException e) {
            // Whoever runs it says what is wrong with it.
        }
        return null;
    }
}
