package io.pingagent.faults;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** One row: what is done to a healthy agent, and the right values. Built by one thread, then only read. */
final class Fault {

    /** Something done to the network of a row. */
    interface Step {
        void run(Site site) throws Exception;
    }

    enum Kind {
        NETWORK,
        HOST
    }

    /** Who of the affected addresses has to be on the err list while the fault lasts. */
    enum Listing {
        ALL,
        /** Nine in ten: for faults that choose at random. */
        MOST,
        /** One would be a false entry. */
        NONE,
        /** Either is right. */
        ANY
    }

    final String name;
    final Kind kind;
    Step prepare = site -> {};
    Step begin = site -> {};
    Step end = site -> {};
    Duration lasting = Duration.ofSeconds(10);
    Listing listing = Listing.NONE;
    Duration listedWithin = Duration.ZERO;
    Function<Site, List<String>> affected = Site::farAddresses;
    Duration gapLimit = Site.CADENCE.plusSeconds(1);
    Duration rightWithin = Duration.ofSeconds(12);
    Notice notice = Notice.nothing();
    Callable<List<String>> redisEnvironment = List::of;
    boolean isAlone;
    boolean isAloneUntilItsEnd;

    private Fault(String name, Kind kind) {
        this.name = name;
        this.kind = kind;
    }

    static Fault network(String name) {
        return new Fault(name, Kind.NETWORK);
    }

    static Fault host(String name) {
        return new Fault(name, Kind.HOST);
    }

    /** Before the agent starts. */
    Fault prepare(Step step) {
        prepare = step;
        return this;
    }

    Fault begin(Step step) {
        begin = step;
        return this;
    }

    /** What {@link #begin} takes counts. */
    Fault lasting(int seconds) {
        lasting = Duration.ofSeconds(seconds);
        return this;
    }

    Fault end(Step step) {
        end = step;
        return this;
    }

    /** All affected addresses have to be listed, the last one so soon after the beginning; they leave after a minute. */
    Fault lists(Listing who, int withinSeconds) {
        listing = who;
        listedWithin = Duration.ofSeconds(withinSeconds);
        // The loss of the last 60 s has to be forgotten, then comes the review, every 5 s here.
        rightWithin = Duration.ofSeconds(60 + 5 + 5);
        return this;
    }

    /** Other than those behind the far link; all others are unaffected. */
    Fault affects(Function<Site, List<String>> addresses) {
        affected = addresses;
        return this;
    }

    /** Longest gap in the probing of unaffected addresses, other than the cadence and a second. */
    Fault gap(int seconds) {
        gapLimit = Duration.ofSeconds(seconds);
        return this;
    }

    /** After its end. */
    Fault rightWithin(int seconds) {
        rightWithin = Duration.ofSeconds(seconds);
        return this;
    }

    Fault says(Notice what) {
        notice = what;
        return this;
    }

    /** Variables of redis-server. */
    Fault redisWith(Callable<List<String>> environment) {
        redisEnvironment = environment;
        return this;
    }

    /** No other row at the same time: it takes the processor, or something that all namespaces share. */
    Fault alone() {
        isAlone = true;
        return this;
    }

    /** As {@link #alone}, but only until the fault ends: others may run while it gets right again, which takes a minute. */
    Fault aloneUntilItsEnd() {
        isAloneUntilItsEnd = true;
        return alone();
    }

    /** For file names. */
    String slug() {
        return name.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }

    @Override
    public String toString() {
        return name;
    }
}
