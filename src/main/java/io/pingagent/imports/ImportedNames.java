package io.pingagent.imports;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.IpAddress;
import io.pingagent.model.LabelFields;
import io.pingagent.model.TargetLabels;
import io.pingagent.redis.admin.AdminRefusedException;
import io.pingagent.redis.admin.RedisAdmin;
import io.pingagent.zabbix.api.FoundHost;
import io.pingagent.zabbix.api.HostAddresses;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives imported addresses the visible names of their hosts. A name that somebody gave stays, and so does an address of
 * several hosts as it is.
 */
@OwnedBy("caller")
final class ImportedNames {

    private static final int WRITTEN_AT_ONCE = 5_000;

    private final RedisAdmin redis;

    ImportedNames(RedisAdmin redis) {
        this.redis = redis;
    }

    /**
     * The names of hosts by address, as far as they can be names here and are not the addresses themselves.
     *
     * @param located some without an address
     */
    static Map<IpAddress, String> of(List<HostAddresses.Located> located) {
        Map<IpAddress, String> names = new HashMap<>();
        Set<IpAddress> shared = new HashSet<>();
        for (HostAddresses.Located one : located) {
            IpAddress address = one.address();
            if (address != null && names.put(address, name(one.host())) != null) {
                shared.add(address);
            }
        }
        names.keySet().removeAll(shared);
        names.entrySet()
                .removeIf(entry -> entry.getValue().isEmpty()
                        || entry.getValue().equals(entry.getKey().toString()));
        return names;
    }

    private static String name(FoundHost host) {
        String name = host.visibleName().isEmpty() ? host.name() : host.visibleName();
        try {
            LabelFields.check(LabelFields.NAME, name);
            return name;
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /**
     * Writes those that are missing.
     *
     * @param warnings gets a line if Redis does not permit it, or a key holds something else
     */
    void write(Map<IpAddress, String> names, List<String> warnings) {
        try {
            List<IpAddress> addresses = List.copyOf(names.keySet());
            Map<IpAddress, TargetLabels> known = redis.labels().of(addresses);
            List<Map.Entry<IpAddress, String>> missing = new ArrayList<>();
            for (Map.Entry<IpAddress, String> entry : names.entrySet()) {
                if (known.getOrDefault(entry.getKey(), TargetLabels.NONE).name().isEmpty()) {
                    missing.add(entry);
                }
            }
            for (int from = 0; from < missing.size(); from += WRITTEN_AT_ONCE) {
                Map<IpAddress, Map<String, String>> part = new HashMap<>();
                missing.subList(from, Math.min(missing.size(), from + WRITTEN_AT_ONCE))
                        .forEach(entry -> part.put(entry.getKey(), Map.of(LabelFields.NAME, entry.getValue())));
                redis.labels().change(part);
            }
        } catch (AdminRefusedException e) {
            warnings.add("the hosts' names were not written: " + e.getMessage()
                    + "; allow target_* with ACL SETUSER, as security.md shows, or correct the key");
        }
    }
}
