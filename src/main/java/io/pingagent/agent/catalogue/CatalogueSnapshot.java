package io.pingagent.agent.catalogue;

import io.pingagent.model.AddressSet;
import io.pingagent.model.Problem;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is to be probed now, and what users have to correct. Immutable.
 *
 * @param jobs those that run, by name
 * @param groups those that jobs name
 * @param isKnown false if there are no jobs and nothing shows that this Redis ever had any: it may have lost them
 * @param isDoubtful whether jobs or groups are kept that Redis may have lost
 * @param groupsRead names of the groups that were read this time; all of them at a full reading
 */
public record CatalogueSnapshot(
        Map<String, JobSetup> jobs,
        Map<String, AddressSet> groups,
        List<Problem> problems,
        boolean isKnown,
        boolean isDoubtful,
        Set<String> groupsRead) {

    /** Of a full reading. */
    public CatalogueSnapshot(
            Map<String, JobSetup> jobs,
            Map<String, AddressSet> groups,
            List<Problem> problems,
            boolean isKnown,
            boolean isDoubtful) {
        this(jobs, groups, problems, isKnown, isDoubtful, groups.keySet());
    }
}
