package io.pingagent.agent.catalogue;

import io.pingagent.model.AddressSet;
import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import java.util.List;
import java.util.Map;

/**
 * What is to be probed now, and what users have to correct. Immutable.
 *
 * @param jobs those that run, by name
 * @param groups those that jobs name, with the addresses of their host names
 * @param isKnown false if there are no jobs and nothing shows that this Redis ever had any: it may have lost them
 * @param isDoubtful whether jobs or groups are kept that Redis may have lost
 * @param hostNames by which name each address came that its group does not name itself: of several, the first in their order
 * @param isRead whether Redis was read for it; else only addresses of host names have changed since
 */
public record CatalogueSnapshot(
        Map<String, JobSetup> jobs,
        Map<String, AddressSet> groups,
        List<Problem> problems,
        boolean isKnown,
        boolean isDoubtful,
        Map<IpAddress, HostName> hostNames,
        boolean isRead) {

    /** Of a reading in which no group has a host name. */
    CatalogueSnapshot(
            Map<String, JobSetup> jobs,
            Map<String, AddressSet> groups,
            List<Problem> problems,
            boolean isKnown,
            boolean isDoubtful) {
        this(jobs, groups, problems, isKnown, isDoubtful, Map.of(), true);
    }
}
