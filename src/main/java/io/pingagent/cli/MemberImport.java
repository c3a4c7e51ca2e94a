package io.pingagent.cli;

import io.pingagent.cli.shell.Numbers;
import io.pingagent.cli.shell.Progress;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.model.IpAddress;
import io.pingagent.redis.admin.RedisAdmin;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Streams a list of members into a group with little memory. Lines that are no member are reported and left out. */
final class MemberImport {

    private static final int BATCH = 5_000;
    private static final int MOST_TOLD = 20;

    private final Terminal terminal;
    private final RedisAdmin redis;
    private final String group;
    private final List<String> batch = new ArrayList<>(BATCH);
    private final Map<IpAddress, Map<String, String>> labels = new HashMap<>();
    private long labelled;
    private long added;
    private long known;
    private long bad;
    private long addresses;

    MemberImport(Terminal terminal, RedisAdmin redis, String group) {
        this.terminal = terminal;
        this.redis = redis;
        this.group = group;
    }

    /**
     * @param source the file's name, for messages
     * @throws IOException if reading fails; what was read before is in the group
     */
    void read(String source, BufferedReader lines) throws IOException {
        try (Progress progress = new Progress(terminal, "members")) {
            long number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                try {
                    MemberLine member = MemberLine.parse(line);
                    if (member != null) {
                        add(member);
                    }
                } catch (IllegalArgumentException e) {
                    progress.clear();
                    complain(source, number, String.valueOf(e.getMessage()));
                }
                progress.show(added + known + batch.size());
            }
            flush();
        }
        if (bad > MOST_TOLD) {
            terminal.complain(
                    source + ": " + Numbers.grouped(bad - MOST_TOLD) + " more lines like these; correct them and"
                            + " run it again, members already in the group do no harm");
        }
    }

    long added() {
        return added;
    }

    /** Members that were in the group before. */
    long known() {
        return known;
    }

    /** Addresses that all good lines stand for. */
    long addresses() {
        return addresses;
    }

    /** Addresses whose names or labels were written. */
    long labelled() {
        return labelled;
    }

    long bad() {
        return bad;
    }

    /** One more member. */
    void add(MemberLine line) {
        addresses += line.addresses();
        batch.add(line.member());
        IpAddress target = line.target();
        if (target != null) {
            Map<String, String> fields = labels.computeIfAbsent(target, address -> new HashMap<>());
            fields.putAll(line.labels());
        }
        if (batch.size() == BATCH) {
            flush();
        }
    }

    /** What was added since is written. */
    void flush() {
        // First: the agent reads a group as soon as it has new members, and their labels with it.
        redis.labels().change(labels);
        labelled += labels.size();
        labels.clear();
        long isNew = redis.groups().addMembers(group, batch);
        added += isNew;
        known += batch.size() - isNew;
        batch.clear();
    }

    private void complain(String source, long number, String why) {
        if (bad++ < MOST_TOLD) {
            terminal.complain(source + ":" + number + ": " + why);
        }
    }
}
