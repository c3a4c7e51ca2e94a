package io.pingagent.agent.catalogue;

import io.pingagent.model.AddressSet;
import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is to be probed now, and what users have to correct. Immutable.
 *
 * @param jobs those that run, by name
 * @param groups those that jobs name, with the addresses of their host names
 * @param isKnown false if there are no jobs and nothing shows that this Redis ever had any: it may have lost them
 * @param isDoubtful whether jobs or groups are kept that Redis may have lost
 * @param hostNames by which name each address came that its group does not name itself: of several, the first in their order
 * @param reading what of it was read in Redis this time
 */
public record CatalogueSnapshot(
        Map<String, JobSetup> jobs,
        Map<String, AddressSet> groups,
        List<Problem> problems,
        boolean isKnown,
        boolean isDoubtful,
        Map<IpAddress, HostName> hostNames,
        Reading reading) {

    /**
     * What was read in Redis. Else only addresses of host names have changed since.
     *
     * @param isRead whether anything was
     * @param groups names of the groups that were; all of them at a full reading
     */
    public record Reading(boolean isRead, Set<String> groups) {

        /** Redis was not asked. */
        public static final Reading NONE = new Reading(false, Set.of());

        public Reading {
            groups = Set.copyOf(groups);
        }

        /** The jobs and these groups. */
        public static Reading of(Set<String> groups) {
            return new Reading(true, groups);
        }
    }

    /** Of a full reading in which no group has a host name. */
    public CatalogueSnapshot(
            Map<String, JobSetup> jobs,
            Map<String, AddressSet> groups,
            List<Problem> problems,
            boolean isKnown,
            boolean isDoubtful) {
        this(jobs, groups, problems, isKnown, isDoubtful, Map.of(), Reading.of(groups.keySet()));
    }

    public boolean isRead() {
        return reading.isRead();
    }

    public Set<String> groupsRead() {
        return reading.groups();
    }
}
