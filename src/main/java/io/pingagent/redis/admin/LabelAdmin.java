package io.pingagent.redis.admin;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.IpAddress;
import io.pingagent.model.LabelFields;
import io.pingagent.model.TargetLabels;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.catalogue.TargetHashes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;

/** Names, parents and labels of addresses. Every method throws as those of {@link RedisAdmin} do. */
@OwnedBy("caller")
public final class LabelAdmin {

    private static final String ANY_KEY = "target_*";

    private final AdminSession session;

    LabelAdmin(AdminSession session) {
        this.session = session;
    }

    /** Of those addresses that have any that can be used; agents report the others among their problems. */
    public Map<IpAddress, TargetLabels> of(List<IpAddress> addresses) {
        Map<IpAddress, TargetLabels> labels = new HashMap<>();
        TargetHashes.Sink sink = new TargetHashes.Sink() {
            @Override
            public void hash(IpAddress address, Map<String, String> fields) {
                try {
                    TargetLabels own = LabelFields.parse(address, fields);
                    if (!own.isEmpty()) {
                        labels.put(address, own);
                    }
                } catch (IllegalArgumentException e) {
                    // The agent says what is wrong with it.
                }
            }

            @Override
            public void wrongType(IpAddress address) {}
        };
        if (!addresses.isEmpty()) {
            session.call(ANY_KEY, redis -> {
                TargetHashes.read(redis, addresses.size(), addresses::get, sink);
                return labels;
            });
        }
        return labels;
    }

    /** The same, and none where Redis does not permit to read them: whoever asks shows more than labels. */
    public Map<IpAddress, TargetLabels> ofOrNone(List<IpAddress> addresses) {
        try {
            return of(addresses);
        } catch (AdminRefusedException e) {
            if (e.reason() == AdminRefusedException.Reason.NOT_PERMITTED) {
                return Map.of();
            }
            throw e;
        }
    }

    /**
     * Writes fields and nothing else.
     *
     * @param fields by address; an empty value removes its field
     */
    public void change(Map<IpAddress, Map<String, String>> fields) {
        List<String> keys = new ArrayList<>();
        List<Response<Long>> answers = new ArrayList<>();
        session.call(ANY_KEY, redis -> {
            Pipeline pipeline = redis.pipelined();
            fields.forEach((address, own) -> {
                String key = RedisKeys.target(address);
                Map<String, String> set = new HashMap<>(own);
                set.values().removeIf(String::isEmpty);
                if (!set.isEmpty()) {
                    keys.add(key);
                    answers.add(pipeline.hset(key, set));
                }
                String[] removed = own.keySet().stream()
                        .filter(field -> !set.containsKey(field))
                        .toArray(String[]::new);
                if (removed.length > 0) {
                    keys.add(key);
                    answers.add(pipeline.hdel(key, removed));
                }
            });
            pipeline.sync();
            return answers;
        });
        for (int i = 0; i < answers.size(); i++) {
            Response<Long> answer = answers.get(i);
            session.call(keys.get(i), redis -> answer.get());
        }
    }
}
