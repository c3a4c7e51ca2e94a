package io.pingagent.imports;

import io.pingagent.imports.ZabbixImportResult.Change;
import io.pingagent.imports.ZabbixImportResult.Change.Kind;
import io.pingagent.model.IpAddress;
import io.pingagent.model.ZabbixHost;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an import changes in Redis: the difference between the hosts that Zabbix has now and those of the import before.
 * The latter are in the hash. A member of the group that was in no hash was added by a user, and stays. Immutable.
 */
final class ZabbixImportPlan {

    private final Map<String, String> put = new TreeMap<>();
    private final Set<String> removedFields = new TreeSet<>();
    private final List<String> addedMembers = new ArrayList<>();
    private final List<String> removedMembers = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private final int earlierHosts;
    private final int vanishedHosts;

    /** Where a host's values come from, and by which keys it takes them. */
    private record Place(Set<String> addresses, Set<ZabbixHost.Keys> keys) {

        Place() {
            this(new TreeSet<>(), EnumSet.noneOf(ZabbixHost.Keys.class));
        }

        String text() {
            return String.join(", ", addresses);
        }
    }

    /**
     * @param wanted the hosts by address as Zabbix has them now; the lists are in the order in which they are written
     * @param earlier the hash of the import before, fields and texts as they stand
     * @param members of the group now
     */
    ZabbixImportPlan(Map<IpAddress, List<ZabbixHost>> wanted, Map<String, String> earlier, Set<String> members) {
        Map<String, String> texts = new TreeMap<>();
        wanted.forEach((address, hosts) -> texts.put(address.toString(), ZabbixHost.format(hosts)));
        texts.forEach((address, text) -> {
            if (!text.equals(earlier.get(address))) {
                put.put(address, text);
            }
            if (!members.contains(address)) {
                addedMembers.add(address);
            }
        });
        for (String address : earlier.keySet()) {
            if (!texts.containsKey(address)) {
                removedFields.add(address);
                if (members.contains(address)) {
                    removedMembers.add(address);
                }
            }
        }
        Map<String, Place> before = places(earlier);
        Map<String, Place> now = places(texts);
        Map<String, String> renamed = renamed(before, now);
        compare(before, now, renamed);
        earlierHosts = before.size();
        vanishedHosts = (int) before.keySet().stream()
                .filter(name -> !now.containsKey(name) && !renamed.containsKey(name))
                .count();
    }

    /** The addresses of each host in a hash; what is no host there is written again by the plan and has no place. */
    private static Map<String, Place> places(Map<String, String> hash) {
        Map<String, Place> places = new TreeMap<>();
        hash.forEach((address, text) -> {
            try {
                for (ZabbixHost host : ZabbixHost.parse(text)) {
                    Place place = places.computeIfAbsent(host.name(), name -> new Place());
                    place.addresses.add(address);
                    place.keys.add(host.keys());
                }
            } catch (IllegalArgumentException e) {
                // Somebody wrote it by hand; the import replaces or removes it.
            }
        });
        return places;
    }

    /** New names by old ones: a host that went and one that came, alone at the same addresses. */
    private static Map<String, String> renamed(Map<String, Place> before, Map<String, Place> now) {
        Map<Set<String>, @Nullable String> came = new LinkedHashMap<>();
        now.forEach((name, place) -> {
            if (!before.containsKey(name)) {
                came.merge(place.addresses, name, (one, other) -> "");
            }
        });
        Set<Set<String>> ambiguous = new HashSet<>();
        Map<Set<String>, String> went = new LinkedHashMap<>();
        before.forEach((name, place) -> {
            if (!now.containsKey(name) && went.put(place.addresses, name) != null) {
                ambiguous.add(place.addresses);
            }
        });
        Map<String, String> renamed = new TreeMap<>();
        went.forEach((addresses, name) -> {
            String newName = came.get(addresses);
            if (newName != null && !newName.isEmpty() && !ambiguous.contains(addresses)) {
                renamed.put(name, newName);
            }
        });
        return renamed;
    }

    private void compare(Map<String, Place> before, Map<String, Place> now, Map<String, String> renamed) {
        Set<String> names = new LinkedHashSet<>(before.keySet());
        names.addAll(now.keySet());
        Set<String> newNames = new HashSet<>(renamed.values());
        for (String name : new TreeSet<>(names)) {
            Place was = before.get(name);
            Place is = now.get(name);
            if (is == null && was != null) {
                String newName = renamed.get(name);
                changes.add(
                        newName == null
                                ? new Change(Kind.REMOVED, name, was.text())
                                : new Change(Kind.RENAMED, name, newName));
            } else if (was == null && is != null) {
                if (!newNames.contains(name)) {
                    changes.add(new Change(Kind.ADDED, name, is.text()));
                }
            } else if (was != null && is != null) {
                if (!was.addresses.equals(is.addresses)) {
                    changes.add(new Change(Kind.MOVED, name, was.text() + " -> " + is.text()));
                }
                if (!was.keys.equals(is.keys)) {
                    changes.add(new Change(Kind.KEYS, name, keysText(is.keys)));
                }
            }
        }
    }

    private static String keysText(Set<ZabbixHost.Keys> keys) {
        List<String> words = new ArrayList<>();
        for (ZabbixHost.Keys key : new TreeSet<>(keys)) {
            words.add(key == ZabbixHost.Keys.PING ? "ping.status, ping.loss, ..." : "icmpping, icmppingloss, ...");
        }
        return String.join(" and ", words);
    }

    boolean isEmpty() {
        return put.isEmpty() && removedFields.isEmpty() && addedMembers.isEmpty() && removedMembers.isEmpty();
    }

    /** By host, then by name. */
    List<Change> changes() {
        return changes;
    }

    /** Fields of the hash that are written. */
    Map<String, String> put() {
        return put;
    }

    /** Fields of the hash that go. */
    Set<String> removedFields() {
        return removedFields;
    }

    List<String> addedMembers() {
        return addedMembers;
    }

    List<String> removedMembers() {
        return removedMembers;
    }

    /** How many hosts the import before had. */
    int earlierHosts() {
        return earlierHosts;
    }

    /** How many of them are gone. */
    int vanishedHosts() {
        return vanishedHosts;
    }

    /** More than half of the hosts are gone: rather a mistake in Zabbix or of the token than a wish. */
    boolean vanishesTooMuch() {
        return 2L * vanishedHosts > earlierHosts;
    }
}
