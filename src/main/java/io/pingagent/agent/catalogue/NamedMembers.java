package io.pingagent.agent.catalogue;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.AddressSet;
import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Puts the addresses of host names beside those that the groups name themselves. */
@OwnedBy("caller")
final class NamedMembers {

    private final Map<String, AddressSet> last = new HashMap<>();
    private Map<IpAddress, HostName> hostNames = Map.of();

    /**
     * The members of all groups. A group that did not change is the same object again.
     *
     * @param addresses what each group names itself
     * @param namesByGroup host names of groups that have any
     */
    Map<String, AddressSet> resolve(
            Map<String, AddressSet> addresses, Map<String, Set<HostName>> namesByGroup, NamedAddresses names) {
        last.keySet().retainAll(namesByGroup.keySet());
        if (namesByGroup.isEmpty()) {
            hostNames = Map.of();
            return addresses;
        }
        Map<String, AddressSet> all = new HashMap<>(addresses);
        Map<IpAddress, HostName> byAddress = new HashMap<>();
        namesByGroup.forEach((group, own) -> {
            AddressSet written = addresses.getOrDefault(group, AddressSet.EMPTY);
            AddressSet before = last.getOrDefault(group, AddressSet.EMPTY);
            AddressSet.Builder members = new AddressSet.Builder(before.size()).addAll(written);
            for (HostName name : own) {
                for (IpAddress address : names.addresses(name)) {
                    // Whoever wrote an address means it, whatever name it has beside.
                    if (!written.contains(address)) {
                        members.add(address);
                        byAddress.merge(address, name, NamedMembers::first);
                    }
                }
            }
            AddressSet now = members.buildOrReuse(before);
            last.put(group, now);
            all.put(group, now);
        });
        hostNames = Map.copyOf(byAddress);
        return all;
    }

    private static HostName first(HostName one, HostName other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    /** By which name each address came, as of the last call of {@link #resolve}. Immutable. */
    Map<IpAddress, HostName> hostNames() {
        return hostNames;
    }
}
