package io.pingagent.cli.ping;

import java.util.Map;

/** Says in the words of {@code ping} what the agent's machinery says in those of the configuration. Stateless. */
final class OptionWords {

    private static final Map<String, String> OPTIONS = Map.of(
            "probe.source", "-S",
            "probe.interface", "-I",
            "probe.mark", "-k",
            "probe.dscp", "-O",
            "probe.ttl", "-H",
            "probe.size", "-b",
            "probe.dont-fragment", "-M");

    private OptionWords() {}

    static String of(String message) {
        String words = message;
        for (Map.Entry<String, String> option : OPTIONS.entrySet()) {
            words = words.replaceAll("\\b" + option.getKey().replace(".", "\\.") + "\\b", option.getValue());
        }
        return words;
    }
}
