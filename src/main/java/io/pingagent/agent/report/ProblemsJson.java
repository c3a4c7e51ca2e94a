package io.pingagent.agent.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.pingagent.agent.catalogue.ProblemBoard;
import io.pingagent.base.OwnedBy;
import io.pingagent.model.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The problems in {@code agent-stats_$agent}, as many of the first ones as fit. With names of hundreds of characters in
 * each, all of them would make the value longer than the writer takes.
 */
@OwnedBy("caller")
final class ProblemsJson {

    /** The key is read by users; a thousand problems would be no help. */
    private static final int MAX_PROBLEMS = 50;

    /** Leaves a quarter of the 32 KiB of the whole value to all else. */
    private static final int MAX_BYTES = 24 * 1024;

    private final JsonArray array = new JsonArray();
    private int bytes;

    void add(String source, Problem problem) {
        add(source, problem, null, 0);
    }

    void add(ProblemBoard.Present present) {
        String source = present.source().name().toLowerCase(Locale.ROOT);
        add(source, present.problem(), present.since(), present.times());
    }

    JsonArray array() {
        return array;
    }

    private void add(String source, Problem problem, @Nullable Instant since, long times) {
        JsonObject object = new JsonObject();
        object.addProperty("source", source);
        object.addProperty("where", problem.where());
        object.addProperty("what", problem.what());
        object.addProperty("remedy", problem.remedy());
        if (since != null) {
            object.addProperty("since", since.toString());
        }
        if (times > 0) {
            object.addProperty("times", times);
        }
        int more = object.toString().getBytes(StandardCharsets.UTF_8).length + 1;
        if (array.size() < MAX_PROBLEMS && bytes + more <= MAX_BYTES) {
            bytes += more;
            array.add(object);
        }
    }
}
