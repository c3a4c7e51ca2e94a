package io.pingagent.agent;

import io.pingagent.agent.catalogue.CatalogueLoader;
import io.pingagent.agent.catalogue.CatalogueSnapshot;
import io.pingagent.agent.catalogue.JobSetup;
import io.pingagent.agent.catalogue.KnownHosts;
import io.pingagent.agent.catalogue.KnownLabels;
import io.pingagent.agent.catalogue.NamesInRedis;
import io.pingagent.agent.catalogue.RedisCatalogue;
import io.pingagent.agent.catalogue.ZabbixTargets;
import io.pingagent.base.ServiceUnreachableException;
import io.pingagent.config.Config;
import io.pingagent.jobs.CronSpecs;
import io.pingagent.model.AddressSet;
import io.pingagent.model.IpAddress;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.catalogue.CatalogueReader;
import io.pingagent.redis.catalogue.GroupHostsReader;
import io.pingagent.redis.catalogue.LabelReader;
import io.pingagent.zabbix.BridgedTargets;

/** The targets that go to Zabbix, by jobs and groups as Redis has them now: for commands without a running agent. Stateless. */
public final class TargetsInRedis {

    private TargetsInRedis() {}

    /**
     * @param errListed addresses on the agent's err list
     * @throws io.pingagent.redis.RedisUnreachableException if Redis cannot be asked
     * @throws ServiceUnreachableException if Redis may have lost the jobs
     */
    public static BridgedTargets read(Config config, AddressSet errListed) {
        RedisConnector connector = new RedisConnector(config.redis());
        RedisKeys keys = new RedisKeys(config.agent().name());
        CatalogueSnapshot catalogue = CatalogueLoader.forOneReading(
                        new RedisCatalogue(new CatalogueReader(connector, keys)),
                        keys,
                        config.probe().timeout().toNanos(),
                        new CronSpecs(config.jobs().timeZone()),
                        new NamesInRedis(connector, keys))
                .load(null);
        if (!catalogue.isKnown()) {
            throw new ServiceUnreachableException(
                    "Redis at " + connector.server()
                            + " holds no jobs and may have lost them, so Zabbix gets nothing; add jobs with 'ping-agent job add'");
        }
        AddressSet addresses = AddressSet.union(
                catalogue.jobs().values().stream().map(JobSetup::targets).toList());
        KnownLabels labels = new KnownLabels(new LabelReader(connector)::read, addresses::contains);
        labels.follow(catalogue);
        ZabbixTargets targets = new ZabbixTargets(
                new Listed(addresses, errListed),
                new KnownHosts(new GroupHostsReader(connector)::read),
                labels::book,
                config.zabbix().groups());
        targets.update(catalogue);
        return targets;
    }

    /** The id of an address is its place in the sorted set. */
    private record Listed(AddressSet addresses, AddressSet errListed) implements ZabbixTargets.Directory {

        @Override
        public int limit() {
            return addresses.size();
        }

        @Override
        public int idOf(IpAddress address) {
            return addresses.indexOf(address);
        }

        @Override
        public IpAddress address(int targetId) {
            return addresses.get(targetId);
        }

        @Override
        public boolean onErrList(int targetId) {
            return errListed.contains(addresses.get(targetId));
        }
    }
}
