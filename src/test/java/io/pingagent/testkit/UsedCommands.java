package io.pingagent.testkit;

import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisMonitor;
import redis.clients.jedis.exceptions.JedisException;

/**
 * One example of every kind of command that a server gets, one kind being a command with a key, addresses and numbers in it
 * aside. Any thread.
 */
public final class UsedCommands implements AutoCloseable {

    private static final String TRIAL = "trial";
    private static final String MARK = "heard-so-far-";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LONGEST_ARGUMENT = 200;

    private final Map<String, List<String>> examples = new ConcurrentHashMap<>();
    private final Jedis admin;
    private final Jedis monitor;
    private final String notFrom;
    private volatile String lastMark = "";
    private int marks;

    /**
     * Has heard every command from now on.
     *
     * @param url of the server
     * @param admin whose own commands do not count
     */
    public UsedCommands(URI url, Jedis admin) {
        this.admin = admin;
        this.monitor = new Jedis(url);
        this.notFrom = admin.clientInfo().replaceFirst("(?s).* addr=(\\S+) .*", "$1");
        Thread listener = new Thread(this::listen, "test-redis-monitor");
        listener.setDaemon(true);
        listener.start();
        awaitHeard();
    }

    /** Until it has heard all that the server was asked before: the server shows commands in their order. */
    private void awaitHeard() {
        String mark = MARK + ++marks;
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
            admin.ping(mark);
            return mark.equals(lastMark);
        });
    }

    private void listen() {
        try {
            monitor.monitor(new JedisMonitor() {
                @Override
                public void onCommand(String line) {
                    note(line);
                }
            });
        } catch (JedisException e) {
            // Closed.
        }
    }

    public List<List<String>> examples() {
        return List.copyOf(examples.values());
    }

    /** Commands of administration are shown to no monitor, so they are taken from the server's counters. */
    public void addCounted(String... commands) {
        for (String command : commands) {
            if (admin.info("commandstats").contains("cmdstat_" + command + ':')) {
                examples.put(command, List.of((command + (command.contains("|") ? "|x|y" : "")).split("\\|", -1)));
            }
        }
    }

    private void note(String line) {
        int from = line.indexOf(']');
        int mark = line.indexOf(MARK);
        if (mark >= 0) {
            lastMark = line.substring(mark, line.length() - 1);
            return;
        }
        if (from < 0 || line.contains(" " + notFrom + "]")) {
            return;
        }
        List<String> words = new ArrayList<>();
        for (int i = line.indexOf('"', from); i >= 0 && i < line.length(); ) {
            ByteArrayOutputStream word = new ByteArrayOutputStream();
            i = word(line, i + 1, word);
            words.add(word.toString(StandardCharsets.UTF_8));
            i = line.indexOf('"', i + 1);
        }
        if (!words.isEmpty()) {
            String key = words.size() < 2 ? "" : words.get(1).replaceAll("[0-9a-f]*[.:][0-9a-f.:]*|[0-9]+", "#");
            examples.putIfAbsent(words.get(0).toLowerCase(Locale.ROOT) + ' ' + key, shortened(words));
        }
    }

    /** @return where the closing quote stands */
    private static int word(String line, int start, ByteArrayOutputStream word) {
        int i = start;
        for (; i < line.length() && line.charAt(i) != '"'; i++) {
            char c = line.charAt(i);
            if (c == '\\' && line.charAt(i + 1) == 'x') {
                word.write(Integer.parseInt(line.substring(i + 2, i + 4), 16));
                i += 3;
            } else {
                i += c == '\\' ? 1 : 0;
                word.writeBytes(line.substring(i, i + 1).getBytes(StandardCharsets.UTF_8));
            }
        }
        return i;
    }

    private static List<String> shortened(List<String> words) {
        return words.stream()
                .map(word -> word.substring(0, Math.min(word.length(), LONGEST_ARGUMENT)))
                .toList();
    }

    /**
     * The first that a user may not run.
     *
     * @return null if there is none
     */
    private @Nullable List<String> refused(String user) {
        for (List<String> example : examples.values()) {
            String answer = admin.aclDryRun(
                    user, example.get(0), example.subList(1, example.size()).toArray(String[]::new));
            if (!"OK".equals(answer)) {
                return example;
            }
        }
        return null;
    }

    /**
     * Which of a rule's words could be left out, or give less, without a refusal.
     *
     * @param needless words that give no right
     */
    public List<String> unneeded(List<String> rule, List<String> needless) {
        awaitHeard();
        List<String> unneeded = new ArrayList<>();
        for (String word : rule) {
            for (String less : needless.contains(word) ? List.<String>of() : less(word)) {
                List<String> smaller = new ArrayList<>(rule);
                smaller.remove(word);
                if (!less.isEmpty()) {
                    smaller.add(less);
                }
                admin.aclSetUser(TRIAL, smaller.toArray(String[]::new));
                if (refused(TRIAL) == null) {
                    unneeded.add(less.isEmpty() ? word : word + " instead of " + less);
                    break;
                }
            }
        }
        return unneeded;
    }

    /** What could stand in place of a word and gives less; "" is nothing at all. */
    private static List<String> less(String word) {
        return word.startsWith("~") ? List.of("", "%R" + word, "%W" + word) : List.of("");
    }

    @Override
    public void close() {
        monitor.close();
    }
}
