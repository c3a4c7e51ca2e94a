package io.pingagent.model;

import static io.pingagent.testkit.FuzzChecks.check;

import io.pingagent.testkit.FuzzChecks;
import io.pingagent.testkit.FuzzSeeds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Any member of a group is an address, a network of bounded size, or a message; what is printed reads back the same. */
class AddressesFuzzTest {

    @ParameterizedTest
    @MethodSource("seeds")
    void anyMemberIsAddressesOrAMessage(byte[] input) {
        fuzzerTestOneInput(input);
    }

    static Stream<Named<byte[]>> seeds() {
        return FuzzSeeds.of(AddressesFuzzTest.class);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        List<IpAddress> expanded = new ArrayList<>();
        try {
            Addresses.expand(text, expanded::add);
        } catch (IllegalArgumentException e) {
            FuzzChecks.message(e.getMessage());
            check(expanded.isEmpty(), "addresses and an exception");
            expectNoAddress(text);
            return;
        }
        check(!expanded.isEmpty() && expanded.size() <= Addresses.MAX_NETWORK_ADDRESSES, expanded.size() + " of them");
        IpAddress first = expanded.get(0);
        readsBack(first);
        readsBack(expanded.get(expanded.size() - 1));
        for (int i = 1; i < expanded.size(); i++) {
            check(expanded.get(i - 1).compareTo(expanded.get(i)) < 0, "not in order at " + i);
        }
        if (text.indexOf('/') < 0) {
            check(expanded.size() == 1 && first.equals(Addresses.parse(text)), "not what parse says");
        } else {
            expectNoAddress(text);
        }
    }

    private static void readsBack(IpAddress address) {
        check(Addresses.parse(address.toString()).equals(address), address + " reads back as another");
    }

    private static void expectNoAddress(String text) {
        try {
            IpAddress address = Addresses.parse(text);
            if (text.indexOf('/') < 0 && !NeverAnswers.reason(address).isEmpty()) {
                return;
            }
            throw new AssertionError("not a member, but an address: " + address);
        } catch (IllegalArgumentException e) {
            FuzzChecks.message(e.getMessage());
        }
    }
}
