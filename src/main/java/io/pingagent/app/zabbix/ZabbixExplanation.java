package io.pingagent.app.zabbix;

import java.util.List;

/**
 * What {@code zabbix send --explain} found out.
 *
 * @param addresses that are bridged
 * @param answered of them
 * @param server the API that took the values
 * @param accepted how many values it took
 * @param refused why it did not take the others
 */
public record ZabbixExplanation(int addresses, int answered, String server, int accepted, List<Refused> refused) {

    public ZabbixExplanation {
        refused = List.copyOf(refused);
    }

    /**
     * Values that were refused for one reason.
     *
     * @param reason in words
     * @param remedy what to do
     * @param values how many
     * @param examples the first of them, host and key
     */
    public record Refused(String reason, String remedy, int values, List<String> examples) {
        public Refused {
            examples = List.copyOf(examples);
        }
    }
}
