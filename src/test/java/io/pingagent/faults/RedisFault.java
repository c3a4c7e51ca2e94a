package io.pingagent.faults;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** One row: what is done to a healthy agent's Redis, and where a user sees it. Built by one thread, then only read. */
final class RedisFault {

    /** Something done to the host of a row. */
    interface Step {
        void run(RedisSite site) throws Exception;
    }

    final String name;
    List<String> redisArguments = List.of();
    Step prepare = site -> {};
    Step begin = site -> {};
    Step end = site -> {};
    Duration lasting = Duration.ofSeconds(15);
    /** Looked for in the log since the fault began. */
    Pattern log = Pattern.compile("");
    /** In what the commands say while it lasts. */
    Pattern status = Pattern.compile("");

    Pattern doctor = Pattern.compile("");
    /** In the agent's own values meanwhile, each as {@code key: value}. */
    Pattern zabbix = Pattern.compile("");
    /** Can come at any moment and in any order, and needs nothing before the start. */
    boolean isRandom;

    RedisFault(String name) {
        this.name = name;
    }

    /** Options of redis-server. */
    RedisFault redisWith(String... arguments) {
        redisArguments = List.of(arguments);
        return this;
    }

    /** Before the agent starts. */
    RedisFault prepare(Step step) {
        prepare = step;
        return this;
    }

    RedisFault begin(Step step) {
        begin = step;
        return this;
    }

    RedisFault lasting(int seconds) {
        lasting = Duration.ofSeconds(seconds);
        return this;
    }

    RedisFault end(Step step) {
        end = step;
        return this;
    }

    /** What has to be said of it, as regular expressions. */
    RedisFault says(String inLog, String inStatus, String inDoctor, String inZabbix) {
        log = Pattern.compile(inLog);
        status = Pattern.compile(inStatus);
        doctor = Pattern.compile(inDoctor);
        zabbix = Pattern.compile(inZabbix);
        return this;
    }

    RedisFault random() {
        isRandom = true;
        return this;
    }

    /** For file names. */
    String slug() {
        return "redis-" + name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }
}
