package io.pingagent.config;

import java.time.Duration;
import java.util.List;

/**
 * Which hosts of Zabbix become the addresses of a group; one entry of {@code zabbix.import}. Immutable.
 *
 * @param group of Redis
 * @param hostGroups of Zabbix, with those below them; one of them is enough
 * @param tags {@code NAME=VALUE} or {@code NAME}; all of them
 * @param templates one of them is enough
 * @param linksTemplate whether hosts that lack our template get it
 * @param every how often, 1 min to 1 d
 */
public record ZabbixImport(
        String group,
        List<String> hostGroups,
        List<String> tags,
        List<String> templates,
        boolean linksTemplate,
        Duration every) {

    /** How often an entry that does not say so is run. */
    public static final Duration DEFAULT_EVERY = Duration.ofMinutes(10);

    public ZabbixImport {
        hostGroups = List.copyOf(hostGroups);
        tags = List.copyOf(tags);
        templates = List.copyOf(templates);
    }
}
