package io.pingagent.cli;

import io.pingagent.cli.shell.Numbers;
import io.pingagent.cli.shell.Progress;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.model.Addresses;
import io.pingagent.model.HostName;
import io.pingagent.redis.admin.RedisAdmin;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Streams a list of members into a group with little memory. Lines that are no member are reported and left out. */
final class MemberImport {

    private static final int BATCH = 5_000;
    private static final int MOST_TOLD = 20;

    private final Terminal terminal;
    private final RedisAdmin redis;
    private final String group;
    private final List<String> batch = new ArrayList<>(BATCH);
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
                String member = withoutComment(line);
                if (member.isEmpty()) {
                    continue;
                }
                try {
                    addresses += checked(member);
                    add(member);
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

    long bad() {
        return bad;
    }

    /**
     * Whether a text is an address that can answer, a network of them with one meaning, or a host name.
     *
     * @return how many addresses it stands for; a host name counts as one, as only the agent asks for it
     * @throws IllegalArgumentException if not; the message says why
     */
    static int checked(String member) {
        if (HostName.isMember(member)) {
            HostName.parse(member);
            return 1;
        }
        String meanings = Addresses.doubleMeaning(member);
        if (!meanings.isEmpty()) {
            throw new IllegalArgumentException("'" + member + "' means " + meanings + "; write the one that is meant");
        }
        int[] count = {0};
        try {
            Addresses.expand(member, address -> count[0]++);
        } catch (IllegalArgumentException e) {
            throw isLikeAName(member)
                    ? new IllegalArgumentException(e.getMessage() + "; write host:" + member + " for a host name", e)
                    : e;
        }
        return count[0];
    }

    /** Whether it is probably meant as a host name: it would be one with the prefix, and has a dot. */
    private static boolean isLikeAName(String member) {
        try {
            HostName.parse(HostName.Family.ANY.prefix() + member);
            return member.indexOf('.') > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void add(String member) {
        batch.add(member);
        if (batch.size() == BATCH) {
            flush();
        }
    }

    private void flush() {
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

    private static String withoutComment(String line) {
        int hash = line.indexOf('#');
        return (hash < 0 ? line : line.substring(0, hash)).strip();
    }
}
