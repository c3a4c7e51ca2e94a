package io.pingagent.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The command line: {@code --name value} or {@code --name}. Immutable. */
final class Options {

    static final String USAGE = """
            Usage: src/bench/run [OPTIONS]               the benchmark, about 15 minutes
                   src/bench/run --truth [OPTIONS]       RTT against packet stamps taken outside, and fping's
                   src/bench/run --acceptance [OPTIONS]  the packaged agent for minutes, addresses falling silent
                   src/bench/run --jmh [ARGUMENTS]       codec, matching, table, writer; arguments of JMH

              --quick             about 2 minutes, to see that it works
              --variants LIST     of the benchmark: a,a1,b,c,e,e1,b50kd,b60k,c60k,d60k,c500k,d500k,c1m,d1m
              --addresses N       of the floods and of fping (60000)
              --seconds N         measured of each flood (8); paced runs measure whole rounds of 10 s
              --warm N            seconds before jobs at 10 s are measured (20)
              --rounds N          repetitions, one after the other; medians are shown (3; those of 500k and more: 1;
                                  --truth: 1)
              --zabbix-addresses N  of the whole agent's addresses, those that go to Zabbix (10000)
              --rates LIST        of --truth: probes per second (1,1000,10000,80000,100000)
              --modes LIST        of --truth: transmit timestamps default,auto,on,off (default)
              --departures        of --truth: looks at requests before they leave, too, to see between which two moments
                                  they do; takes time itself, half a microsecond or more of each
              --minutes N         of --acceptance: measured (10); 0 for --dark alone
              --dark LIST         of --acceptance: so many addresses fall silent at once, one case after the other
              --rate-limit N      of --acceptance: probe.rate-limit (120000); --addresses is 1000000 there
              --output DIRECTORY  for table, CSV and plot (target/bench)""";

    private static final Set<String> FLAGS = Set.of("quick", "truth", "acceptance", "departures", "help");

    private final Map<String, String> values;

    private Options(Map<String, String> values) {
        this.values = values;
    }

    /** @throws IllegalArgumentException telling what is wrong */
    static Options parse(String[] arguments) {
        Map<String, String> values = new LinkedHashMap<>();
        Set<String> known = Set.of(
                "quick",
                "truth",
                "acceptance",
                "departures",
                "help",
                "variants",
                "addresses",
                "seconds",
                "warm",
                "rounds",
                "zabbix-addresses",
                "rates",
                "modes",
                "minutes",
                "dark",
                "rate-limit",
                "output");
        for (int i = 0; i < arguments.length; i++) {
            String name = arguments[i].startsWith("--") ? arguments[i].substring(2) : "";
            if (!known.contains(name)) {
                throw new IllegalArgumentException("'" + arguments[i] + "' is no option");
            }
            if (FLAGS.contains(name)) {
                values.put(name, "");
            } else if (++i < arguments.length) {
                values.put(name, arguments[i]);
            } else {
                throw new IllegalArgumentException("--" + name + " needs a value");
            }
        }
        return new Options(values);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    int number(String name, int defaultValue) {
        String text = values.get(name);
        try {
            return text == null ? defaultValue : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--" + name + " " + text + " is not a number", e);
        }
    }

    String text(String name, String defaultText) {
        return values.getOrDefault(name, defaultText);
    }

    List<String> list(String name, String defaultText) {
        String text = text(name, defaultText);
        return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
    }
}
