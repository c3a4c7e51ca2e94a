package io.pingagent.redis.admin;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.IpAddress;
import io.pingagent.redis.RedisKeys;
import java.util.Collection;
import java.util.function.Consumer;

/** Err lists of agents. Every method throws as those of {@link RedisAdmin} do. */
@OwnedBy("caller")
public final class ErrListAdmin {

    private final AdminSession session;

    ErrListAdmin(AdminSession session) {
        this.session = session;
    }

    /** Hands over the addresses on an agent's err list, in no order, a few perhaps twice while it changes. */
    public void each(String agent, Consumer<String> sink) {
        session.eachMember(new RedisKeys(agent).errList(), sink);
    }

    /** @return how many were new */
    public long add(String agent, Collection<IpAddress> addresses) {
        String key = new RedisKeys(agent).errList();
        return session.call(key, redis -> redis.sadd(key, texts(addresses)));
    }

    /** @return how many were there */
    public long remove(String agent, Collection<IpAddress> addresses) {
        String key = new RedisKeys(agent).errList();
        return session.call(key, redis -> redis.srem(key, texts(addresses)));
    }

    private static String[] texts(Collection<IpAddress> addresses) {
        return addresses.stream().map(IpAddress::toString).toArray(String[]::new);
    }
}
