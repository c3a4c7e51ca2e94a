package io.pingagent.redis;

import static io.pingagent.testkit.FuzzChecks.check;

import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.testkit.FuzzSeeds;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An expired key is an address's only if it is, letter by letter, what the agent writes for it. */
class RedisKeysFuzzTest {

    private static final RedisKeys KEYS = new RedisKeys("a_b");

    @ParameterizedTest
    @MethodSource("seeds")
    void aKeyIsAnAddressesOnlyIfItIsTheOneWritten(byte[] input) {
        fuzzerTestOneInput(input);
    }

    static Stream<Named<byte[]>> seeds() {
        return FuzzSeeds.of(RedisKeysFuzzTest.class);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        expectOwn(text);
        expectOwn(KEYS.lastMsPrefix() + text);
        expectOwn(KEYS.perIpPrefix() + text);
        quickAndThoroughAgree(input, text);
    }

    private static void expectOwn(String key) {
        IpAddress address = KEYS.addressOfExpired(key);
        if (address != null) {
            check(
                    key.equals(KEYS.lastMs(address)) || key.equals(KEYS.perIpPrefix() + address),
                    key + " taken for " + address);
        }
    }

    private static void quickAndThoroughAgree(byte[] input, String text) {
        long bits = Ipv4Text.parse(input);
        if (bits >= 0) {
            check(IpAddress.v4((int) bits).equals(Addresses.parse(text)), text + " read as " + bits);
            check(IpAddress.v4((int) bits).toString().equals(text), text + " is not how the agent writes it");
        }
        // Set members with signs that only mean something in a pattern match only themselves.
        check(RedisKeys.escapeGlob(text).length() <= 2 * text.length(), "escaped");
    }
}
