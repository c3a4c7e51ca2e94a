package io.pingagent.zabbix;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The LLD macro {@code {#ITEMS}}: what the agent sends of an address beyond the items that it always had. The templates
 * make items of these only where the macro names them, so no site has items without values.
 */
final class OptInItems {

    private OptInItems() {}

    /** Names separated by commas, in a fixed order; empty if there are none. */
    static String of(BridgeSettings settings) {
        List<String> names = new ArrayList<>();
        Arrays.stream(AddressItem.values())
                .filter(AddressItem::isOptional)
                .filter(settings.values().items()::contains)
                .map(AddressItem::text)
                .forEach(names::add);
        return String.join(",", names);
    }
}
