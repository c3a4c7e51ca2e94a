package io.pingagent.bench;

import com.google.gson.JsonObject;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

/**
 * The measured JVM's side of the conversation with its parent, on its standard streams. It says when measuring begins and
 * ends, and then waits to be told that its threads have been looked at:
 *
 * <pre>
 * child:  BEGIN        child:  END {figures}        parent: (a line)        child:  FINAL {figures}
 * </pre>
 *
 * One thread.
 */
public final class Child {

    private final Map<String, String> arguments = new HashMap<>();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private Map<String, Long> allocatedBefore = Map.of();
    private long beginNanos;

    /** @param words {@code name=value} */
    public Child(String[] words) {
        for (String word : words) {
            int equals = word.indexOf('=');
            arguments.put(word.substring(0, equals), word.substring(equals + 1));
        }
    }

    public String text(String name) {
        String text = arguments.get(name);
        if (text == null) {
            throw new IllegalArgumentException("no " + name + "=");
        }
        return text;
    }

    public int number(String name) {
        return Integer.parseInt(text(name));
    }

    public void begin() {
        allocatedBefore = allocated();
        say("BEGIN");
        beginNanos = System.nanoTime();
    }

    /**
     * Tells what happened since {@link #begin} and waits until the parent has looked.
     *
     * @param figures {@code probes}, and whatever else the parent knows; seconds and allocation are added
     */
    public void end(JsonObject figures) throws IOException {
        double seconds = (System.nanoTime() - beginNanos) / 1e9;
        Map<String, Long> after = allocated();
        figures.addProperty("seconds", seconds);
        JsonObject bytes = new JsonObject();
        after.forEach((name, count) -> bytes.addProperty(name, count - allocatedBefore.getOrDefault(name, 0L)));
        figures.add("allocated", bytes);
        say("END " + figures);
        int read = System.in.read();
        if (read < 0) {
            throw new IOException("the parent is gone");
        }
    }

    /** The last word. */
    public void finish(JsonObject figures) {
        say("FINAL " + figures);
    }

    private Map<String, Long> allocated() {
        Map<String, Long> byName = new HashMap<>();
        for (long id : threads.getAllThreadIds()) {
            var info = threads.getThreadInfo(id);
            if (info != null) {
                byName.merge(info.getThreadName(), threads.getThreadAllocatedBytes(id), Long::sum);
            }
        }
        return byName;
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
