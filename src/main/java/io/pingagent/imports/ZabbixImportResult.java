package io.pingagent.imports;

import java.util.List;
import java.util.Locale;

/**
 * What {@code zabbix import} found and changed, or would change.
 *
 * @param group of Redis
 * @param changes in the order of the hosts' names
 * @param warnings each one line, about hosts that are left out or lack something
 * @param isChanged whether anything in Redis or Zabbix was changed, or would be
 */
public record ZabbixImportResult(
        String group, Counts counts, List<Change> changes, List<String> warnings, boolean isChanged) {

    /**
     * How many there were.
     *
     * @param hosts that have an address
     * @param addresses of them
     * @param addedMembers of the group
     * @param removedMembers of the group
     * @param lacking hosts that lack the template and got none
     * @param linked hosts that got the template
     */
    public record Counts(int hosts, int addresses, int addedMembers, int removedMembers, int lacking, int linked) {}

    public ZabbixImportResult {
        changes = List.copyOf(changes);
        warnings = List.copyOf(warnings);
    }

    /**
     * A host that is another than at the import before.
     *
     * @param detail its addresses, the old and the new ones, the new name, or its keys
     */
    public record Change(Kind kind, String host, String detail) {

        /** What changed. */
        public enum Kind {
            ADDED,
            REMOVED,
            MOVED,
            RENAMED,
            KEYS
        }

        /** {@code added}, {@code removed} and so on. */
        public String word() {
            return kind.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public String toString() {
            return switch (kind) {
                case ADDED -> "added host '" + host + "' at " + detail;
                case REMOVED -> "removed host '" + host + "' at " + detail;
                case MOVED -> "host '" + host + "' moved: " + detail;
                case RENAMED -> "host '" + host + "' is now '" + detail + "'";
                case KEYS -> "host '" + host + "' now takes " + detail;
            };
        }
    }

    /** How many hosts changed in one way. */
    public long count(Change.Kind kind) {
        return changes.stream().filter(change -> change.kind() == kind).count();
    }
}
