package io.pingagent.faults;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/** One row: what is done to a healthy agent's way to Zabbix, and the right values. Built by one thread, then only read. */
final class ZabbixFault {

    /** Something done to the host of a row. */
    interface Step {
        void run(ZabbixSite site) throws Exception;
    }

    /** What may become of values. */
    enum Loss {
        NONE,
        /** Values are given up, and each of them is counted. */
        COUNTED,
        /** Likewise, and they are the oldest ones. */
        OLDEST
    }

    final String name;
    int addresses = 50;
    Step prepare = site -> {};
    Step begin = site -> {};
    Step end = site -> {};
    Duration lasting = Duration.ofSeconds(8);
    Loss loss = Loss.NONE;
    /** A server that took a packet whose answer nobody heard gets it again. */
    int mostDoubled;
    /** Until all that waited has gone: the longest pause between two attempts is 10 s. */
    Duration rightWithin = Duration.ofSeconds(15);
    /** Looked for in the log since the fault began. */
    Pattern log = Pattern.compile("");
    /** In the problems of {@code agent-stats} while it lasts. */
    Pattern problem = Pattern.compile("");

    Pattern doctor = Pattern.compile("");

    ZabbixFault(String name) {
        this.name = name;
    }

    /** Each has six values a second. */
    ZabbixFault addresses(int count) {
        addresses = count;
        return this;
    }

    /** Before the agent starts. */
    ZabbixFault prepare(Step step) {
        prepare = step;
        return this;
    }

    ZabbixFault begin(Step step) {
        begin = step;
        return this;
    }

    /** What {@link #begin} takes counts. */
    ZabbixFault lasting(int seconds) {
        lasting = Duration.ofSeconds(seconds);
        return this;
    }

    ZabbixFault end(Step step) {
        end = step;
        return this;
    }

    ZabbixFault losesSome() {
        loss = Loss.COUNTED;
        return this;
    }

    ZabbixFault losesOldest() {
        loss = Loss.OLDEST;
        return this;
    }

    ZabbixFault doublesAtMost(int values) {
        mostDoubled = values;
        return this;
    }

    ZabbixFault rightWithin(int seconds) {
        rightWithin = Duration.ofSeconds(seconds);
        return this;
    }

    /** What has to be said of it, as regular expressions; nothing is asked of an empty one. */
    ZabbixFault says(String inLog, String inProblems, String inDoctor) {
        log = Pattern.compile(inLog);
        problem = Pattern.compile(inProblems);
        doctor = Pattern.compile(inDoctor);
        return this;
    }

    /** For file names. */
    String slug() {
        return "zabbix-" + name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }

    @Override
    public String toString() {
        return name;
    }
}
