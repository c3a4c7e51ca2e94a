package io.pingagent.cli.shell;

import java.util.Map;

/** Says in the options of {@code ping} and {@code trace} what the agent's machinery says in those of the configuration. Stateless. */
public final class OptionWords {

    private static final Map<String, String> OPTIONS = Map.of(
            "probe.source", "-S",
            "probe.interface", "-I",
            "probe.mark", "-k",
            "probe.dscp", "-O",
            "probe.ttl", "-H",
            "probe.size", "-b",
            "probe.dont-fragment", "-M");

    private OptionWords() {}

    /** A message with the options in place of the keys. */
    public static String of(String message) {
        String words = message;
        for (Map.Entry<String, String> option : OPTIONS.entrySet()) {
            words = words.replaceAll("\\b" + option.getKey().replace(".", "\\.") + "\\b", option.getValue());
        }
        return words;
    }
}
