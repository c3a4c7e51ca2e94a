package io.pingagent.imports;

import io.pingagent.base.OwnedBy;
import io.pingagent.config.ConfigException;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import io.pingagent.model.ZabbixHost;
import io.pingagent.redis.admin.RedisAdmin;
import io.pingagent.zabbix.api.ApiException;
import io.pingagent.zabbix.api.ApiSession;
import io.pingagent.zabbix.api.FoundHost;
import io.pingagent.zabbix.api.HostAddresses;
import io.pingagent.zabbix.api.HostReader;
import io.pingagent.zabbix.api.HostSelection;
import io.pingagent.zabbix.api.ProxyNames;
import io.pingagent.zabbix.api.TemplateLinks;
import io.pingagent.zabbix.api.ZabbixImport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * One import: hosts are read from Zabbix, compared with the import before, and what differs is written to Redis. Redis is
 * written last and in an order in which an import that breaks off is finished by the next.
 */
@OwnedBy("caller")
public final class ZabbixImportRun {

    private static final long NAMES_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int WRITTEN_AT_ONCE = 5_000;
    private static final int MOST_NAMED = 5;

    private final RedisAdmin redis;
    private final ZabbixImport entry;
    private final String agentHost;
    private final boolean isDryRun;
    private final boolean isForced;
    private final RefusedLinks refusedLinks;

    /**
     * @param agentHost technical name of the agent's own host, which is never imported
     * @param isDryRun whether nothing is changed, neither in Redis nor in Zabbix
     * @param isForced whether more than half of the hosts may go
     * @param refusedLinks of earlier runs, whose hosts are not tried again so soon
     */
    public ZabbixImportRun(
            RedisAdmin redis,
            ZabbixImport entry,
            String agentHost,
            boolean isDryRun,
            boolean isForced,
            RefusedLinks refusedLinks) {
        this.redis = redis;
        this.entry = entry;
        this.agentHost = agentHost;
        this.isDryRun = isDryRun;
        this.isForced = isForced;
        this.refusedLinks = refusedLinks;
    }

    /**
     * @throws ApiException if Zabbix does not answer or refuses; nothing is changed then
     * @throws ConfigException if the answer would empty the group, or more than half of it without force
     * @throws io.pingagent.redis.RedisUnreachableException if Redis is unreachable
     * @throws io.pingagent.redis.admin.AdminRefusedException if Redis refuses
     */
    public ZabbixImportResult run(ApiSession session) throws ApiException {
        HostSelection selection = entry.hosts();
        List<String> ownHosts = new ArrayList<>();
        List<FoundHost> found =
                ZabbixImportHosts.withoutOwn(new HostReader(session).read(selection), agentHost, ownHosts);
        if (found.isEmpty() && !ownHosts.isEmpty()) {
            throw refused(
                    selection + " finds only hosts that ping-agent made itself, so group '" + entry.group()
                            + "' stays as it is",
                    "name a host group, tag or template of other hosts");
        }
        if (found.isEmpty()) {
            throw refused(
                    selection + " finds no monitored host in Zabbix, so group '" + entry.group() + "' stays as it is",
                    "look at the names, and whether the token's user may read these hosts; 'ping-agent group remove "
                            + entry.group() + "' ends the group");
        }
        Map<String, String> earlier = redis.groups().hosts(entry.group());
        Map<String, List<IpAddress>> earlierByHost = addressesByHost(earlier);
        List<HostAddresses.Located> located =
                new HostAddresses(NAMES_NANOS).locate(found, name -> earlierByHost.getOrDefault(name, List.of()));
        List<String> warnings = new ArrayList<>();
        Map<IpAddress, List<ZabbixHost>> wanted = wanted(located, warnings);
        if (wanted.isEmpty()) {
            throw refused(
                    "none of the " + found.size() + " hosts of " + selection + " has an address that can be pinged,"
                            + " so group '" + entry.group() + "' stays as it is: " + warnings.get(0),
                    "give the hosts an interface with an address or a DNS name that this machine can resolve");
        }
        Set<String> members = new HashSet<>();
        redis.groups().eachMember(entry.group(), members::add);
        ZabbixImportPlan plan = new ZabbixImportPlan(wanted, earlier, members);
        if (plan.vanishesTooMuch() && !isForced) {
            ConfigException tooMuch = refused(
                    plan.vanishedHosts() + " of " + plan.earlierHosts() + " hosts of group '" + entry.group()
                            + "' are gone from Zabbix's answer, so it stays as it is",
                    "look at the hosts in Zabbix and at the rights of the token's user; if it is right, run 'ping-agent"
                            + " zabbix import' for this group with --force");
            if (!isDryRun) {
                throw tooMuch;
            }
            Problem problem = tooMuch.problems().get(0);
            warnings.add("without --dry-run this would be refused: " + problem.what() + "; " + problem.remedy());
        }
        List<FoundHost> lacking = located.stream()
                .filter(one -> one.address() != null && one.host().keys().isEmpty())
                .map(HostAddresses.Located::host)
                .toList();
        warnings.addAll(ownHosts);
        ApiAccess.warnOfClearText(session, warnings);
        ZabbixImportHosts.warnOfProxies(
                located.stream()
                        .filter(one -> one.address() != null)
                        .map(HostAddresses.Located::host)
                        .toList(),
                new ProxyNames(session),
                warnings);
        int linked = link(session, lacking, warnings);
        boolean isListed = redis.groups().get(entry.group()).listed();
        if (!isDryRun && !(plan.isEmpty() && isListed)) {
            apply(plan);
        }
        if (!isDryRun) {
            new ImportedNames(redis).write(ImportedNames.of(located), warnings);
        }
        return new ZabbixImportResult(
                entry.group(),
                new ZabbixImportResult.Counts(
                        (int) located.stream()
                                .filter(one -> one.address() != null)
                                .count(),
                        wanted.size(),
                        plan.addedMembers().size(),
                        plan.removedMembers().size(),
                        lacking.size() - linked,
                        linked),
                plan.changes(),
                warnings,
                !plan.isEmpty() || linked > 0 || !isListed);
    }

    private ConfigException refused(String what, String remedy) {
        return new ConfigException(List.of(new Problem("import of group '" + entry.group() + "'", what, remedy)));
    }

    private static Map<String, List<IpAddress>> addressesByHost(Map<String, String> hash) {
        Map<String, List<IpAddress>> byHost = new HashMap<>();
        hash.forEach((text, hosts) -> {
            try {
                IpAddress address = Addresses.parse(text);
                ZabbixHost.parse(hosts).stream()
                        .map(ZabbixHost::name)
                        .distinct()
                        .forEach(name -> byHost.computeIfAbsent(name, key -> new ArrayList<>())
                                .add(address));
            } catch (IllegalArgumentException e) {
                // Not written by an import; the plan replaces or removes it.
            }
        });
        return byHost;
    }

    /** The hosts of each address by their names, so that the same answer in another order is the same text. */
    private static Map<IpAddress, List<ZabbixHost>> wanted(List<HostAddresses.Located> located, List<String> warnings) {
        Map<IpAddress, Map<String, ZabbixHost>> byAddress = new LinkedHashMap<>();
        Map<String, String> leftOut = new TreeMap<>();
        for (HostAddresses.Located one : located) {
            IpAddress address = one.address();
            String name = one.host().name();
            if (address == null) {
                leftOut.put(name, one.warning());
                continue;
            }
            try {
                Map<String, ZabbixHost> there = byAddress.computeIfAbsent(address, key -> new TreeMap<>());
                for (ZabbixHost.Keys keys : keys(one.host())) {
                    ZabbixHost host = new ZabbixHost(name, keys);
                    there.put(host.toString(), host);
                }
            } catch (IllegalArgumentException e) {
                leftOut.put(name, String.valueOf(e.getMessage()));
            }
        }
        warn(warnings, leftOut, "has no address and is left out", "have no address and are left out");
        Map<String, String> kept = new TreeMap<>();
        located.stream()
                .filter(one -> one.address() != null && !one.warning().isEmpty())
                .forEach(one -> kept.put(one.host().name(), one.warning()));
        warn(warnings, kept, "keeps its earlier address", "keep their earlier addresses");
        Map<IpAddress, List<ZabbixHost>> wanted = new LinkedHashMap<>();
        byAddress.forEach((address, hosts) -> {
            if (!hosts.isEmpty()) {
                wanted.put(address, List.copyOf(hosts.values()));
            }
        });
        return wanted;
    }

    private static Collection<ZabbixHost.Keys> keys(FoundHost host) {
        return host.keys().isEmpty() ? Set.of(ZabbixHost.Keys.PING) : new TreeSet<>(host.keys());
    }

    private static void warn(List<String> warnings, Map<String, String> reasons, String one, String several) {
        if (reasons.isEmpty()) {
            return;
        }
        StringBuilder line = new StringBuilder();
        line.append(reasons.size() == 1 ? "1 host " + one : reasons.size() + " hosts " + several)
                .append(": ");
        List<String> named = new ArrayList<>();
        reasons.entrySet().stream()
                .limit(MOST_NAMED)
                .forEach(reason -> named.add("'" + reason.getKey() + "' (" + reason.getValue() + ")"));
        line.append(String.join(", ", named));
        if (reasons.size() > MOST_NAMED) {
            line.append(" and ").append(reasons.size() - MOST_NAMED).append(" more");
        }
        warnings.add(line.toString());
    }

    /** @return how many hosts got the template, or would get it */
    private int link(ApiSession session, List<FoundHost> lacking, List<String> warnings) throws ApiException {
        if (lacking.isEmpty()) {
            return 0;
        }
        if (!entry.linksTemplate()) {
            warnings.add((lacking.size() == 1 ? "1 host lacks" : lacking.size() + " hosts lack")
                    + " the template and will take no values: "
                    + names(lacking)
                    + "; link '" + TemplateLinks.ADDRESS_TEMPLATE + "' with --link-template");
            return 0;
        }
        TemplateLinks links = new TemplateLinks(session);
        if (isDryRun) {
            links.templateId();
            return lacking.size();
        }
        long nowNanos = System.nanoTime();
        List<FoundHost> tried = refusedLinks.withoutRefused(lacking, nowNanos);
        TemplateLinks.Outcome outcome = links.link(tried);
        refusedLinks.add(outcome.refusedIds(), nowNanos);
        warn(warnings, new TreeMap<>(outcome.refused()), "cannot get the template", "cannot get the template");
        int earlier = lacking.size() - tried.size();
        if (earlier > 0) {
            warnings.add((earlier == 1 ? "1 host" : earlier + " hosts")
                    + " could not get the template earlier, and will be tried again within a day");
        }
        if (outcome.notTried() > 0) {
            warnings.add("so many hosts cannot get the template that " + outcome.notTried()
                    + " others were not tried; look at the reason, and run the import again");
        }
        return outcome.linked();
    }

    private static String names(List<FoundHost> hosts) {
        List<String> names = hosts.stream()
                .limit(MOST_NAMED)
                .map(host -> "'" + host.name() + "'")
                .toList();
        return String.join(", ", names)
                + (hosts.size() > MOST_NAMED ? " and " + (hosts.size() - MOST_NAMED) + " more" : "");
    }

    /** Hosts before members and members before hosts: the values of an address never go elsewhere in between. */
    private void apply(ZabbixImportPlan plan) {
        String group = entry.group();
        for (Map<String, String> part : parts(plan.put())) {
            redis.groups().changeHosts(group, part, List.of());
        }
        for (List<String> part : parts(plan.addedMembers())) {
            redis.groups().addMembers(group, part);
        }
        redis.groups().enlist(group);
        for (List<String> part : parts(plan.removedMembers())) {
            redis.groups().removeMembers(group, part);
        }
        for (List<String> part : parts(List.copyOf(plan.removedFields()))) {
            redis.groups().changeHosts(group, Map.of(), part);
        }
    }

    private static List<List<String>> parts(List<String> all) {
        List<List<String>> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); from += WRITTEN_AT_ONCE) {
            parts.add(all.subList(from, Math.min(all.size(), from + WRITTEN_AT_ONCE)));
        }
        return parts;
    }

    private static List<Map<String, String>> parts(Map<String, String> all) {
        List<Map<String, String>> parts = new ArrayList<>();
        for (List<String> keys : parts(List.copyOf(all.keySet()))) {
            Map<String, String> part = new LinkedHashMap<>();
            keys.forEach(key -> part.put(key, all.get(key)));
            parts.add(part);
        }
        return parts;
    }
}
