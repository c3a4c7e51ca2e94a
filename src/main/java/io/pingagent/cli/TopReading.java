package io.pingagent.cli;

import io.pingagent.model.TargetRow;
import java.util.List;
import java.util.Map;

/**
 * What a frame of {@code top} shows, as it was read. Immutable.
 *
 * @param wallMillis Unix time of the reading
 * @param head lines of the agents
 * @param parts of the agents whose addresses have room
 */
record TopReading(long wallMillis, List<String> head, List<Part> parts) {

    /**
     * The addresses of one agent.
     *
     * @param heading a line
     * @param rows the worst first
     * @param names of the rows by their addresses, of those that have one
     */
    record Part(String agent, String heading, List<TargetRow> rows, Map<String, String> names) {}
}
