package io.pingagent.config;

import io.pingagent.model.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** The configuration is not valid; holds everything that is wrong with it. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    /** @param problems at least one */
    public ConfigException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** At least one, those of the file first. */
    public List<Problem> problems() {
        return problems;
    }
}
