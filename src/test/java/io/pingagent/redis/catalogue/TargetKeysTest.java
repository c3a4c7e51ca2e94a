package io.pingagent.redis.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.pingagent.base.Utf8;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.redis.RedisKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.args.Rawable;

class TargetKeysTest {

    private static List<String> written(TargetKeys keys) {
        List<String> texts = new ArrayList<>();
        for (Rawable each : keys) {
            texts.add(Utf8.text(each.getRaw()));
        }
        return texts;
    }

    @Test
    void keysOfEveryLengthAreThoseOfTheAddresses() {
        List<IpAddress> addresses = Stream.of(
                        "0.0.0.1",
                        "1.2.3.4",
                        "10.2.30.4",
                        "192.0.2.7",
                        "100.200.10.255",
                        "255.255.255.255",
                        "127.0.0.10",
                        "2001:db8::7",
                        "1.2.3.4")
                .map(Addresses::parse)
                .toList();
        List<String> expected = new ArrayList<>(List.of("EXISTS"));
        addresses.forEach(address -> expected.add(RedisKeys.target(address)));
        TargetKeys keys = new TargetKeys(0, addresses.size(), addresses::get);
        assertEquals(expected, written(keys));
        assertEquals(expected.size(), keys.size());
    }

    @Test
    void aRunBeginsAndEndsWhereItIsTo() {
        List<IpAddress> addresses = List.of(IpAddress.v4(1), IpAddress.v4(2), IpAddress.v4(3), IpAddress.v4(4));
        assertEquals(
                List.of("EXISTS", "target_0.0.0.2", "target_0.0.0.3"), written(new TargetKeys(1, 3, addresses::get)));
    }

    @Test
    void oneArrayServesAllKeysOfALength() {
        TargetKeys keys = new TargetKeys(0, 2, IpAddress::v4);
        assertSame(keys.get(1).getRaw(), keys.get(2).getRaw());
    }
}
