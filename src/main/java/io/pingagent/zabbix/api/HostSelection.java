package io.pingagent.zabbix.api;

import java.util.List;

/**
 * Selects hosts: those in one of the host groups, with all of the tags, and with one of the templates. An empty list
 * sets no condition. At least one of the three lists has an entry.
 *
 * @param hostGroups full names; groups below them are meant too
 * @param tags {@code NAME=VALUE}, or {@code NAME} for any value; of the host or its templates
 * @param templates technical or visible names; templates that are linked to these are meant too
 */
public record HostSelection(List<String> hostGroups, List<String> tags, List<String> templates) {

    /** @throws IllegalArgumentException if all three lists are empty */
    public HostSelection {
        hostGroups = List.copyOf(hostGroups);
        tags = List.copyOf(tags);
        templates = List.copyOf(templates);
        if (hostGroups.isEmpty() && tags.isEmpty() && templates.isEmpty()) {
            throw new IllegalArgumentException("a selection of hosts names a host group, a tag or a template");
        }
    }

    /** In words, for messages. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        add(text, "host group", hostGroups);
        add(text, "tag", tags);
        add(text, "template", templates);
        return text.toString();
    }

    private static void add(StringBuilder text, String what, List<String> names) {
        if (names.isEmpty()) {
            return;
        }
        text.append(text.isEmpty() ? "" : ", ").append(what).append(names.size() == 1 ? " " : "s ");
        text.append('\'').append(String.join("', '", names)).append('\'');
    }
}
