package io.pingagent.control;

import io.pingagent.model.AddressStatus;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** One agent, {@code gza}, with the addresses a test gives it. */
final class FakeAgents implements Agents {

    static final AddressFigures UP = new AddressFigures(
            Addresses.parse("192.0.2.7"),
            "core-1",
            "core",
            "core-10s",
            AddressStatus.UP,
            false,
            new AddressFigures.Quality(0.0, 412_000L, 31_000L));
    static final AddressFigures DOWN = new AddressFigures(
            Addresses.parse("192.0.2.8"),
            null,
            "core",
            "core-10s",
            AddressStatus.DOWN,
            true,
            new AddressFigures.Quality(100.0, null, null));
    static final AddressFigures BEHIND = new AddressFigures(
            Addresses.parse("192.0.2.9"),
            null,
            "core",
            "core-10s",
            AddressStatus.BEHIND_DEAD_PARENT,
            true,
            new AddressFigures.Quality(100.0, null, null));
    static final AddressFigures NEW = new AddressFigures(
            Addresses.parse("2001:db8::9"),
            null,
            null,
            null,
            null,
            false,
            new AddressFigures.Quality(null, null, null));

    private final AgentFigures figures;
    private final List<AddressFigures> addresses;

    FakeAgents(AddressFigures... addresses) {
        this(
                new AgentFigures(
                        "gza",
                        "0.1.0",
                        true,
                        new AgentFigures.Targets(1_000L, 2L),
                        new AgentFigures.Connections(true, true, false),
                        new AgentFigures.Problems(0, "")),
                List.of(addresses));
    }

    FakeAgents(AgentFigures figures, List<AddressFigures> addresses) {
        this.figures = figures;
        this.addresses = addresses;
    }

    @Override
    public AgentSource agent(String name, long timeoutMillis) throws ControlException {
        if (!name.isEmpty() && !name.equals("gza")) {
            throw new ControlException("Redis at 127.0.0.1:6379 is unreachable; start it");
        }
        return new AgentSource() {

            @Override
            public String name() {
                return "gza";
            }

            @Override
            public AgentFigures figures() {
                return figures;
            }

            @Override
            public List<AddressFigures> addresses(boolean errListOnly, int most) {
                List<AddressFigures> wanted = new ArrayList<>(addresses);
                wanted.removeIf(address -> errListOnly && !address.errListed());
                return wanted.size() > most ? null : wanted;
            }

            @Override
            public AddressFigures address(IpAddress address) {
                return addresses.stream()
                        .filter(row -> row.address().equals(address))
                        .findFirst()
                        .orElse(null);
            }

            @Override
            public String discovery(int most) {
                return addresses.size() > most ? null : "[" + addresses.size() + "]";
            }
        };
    }

    /** What the prober of a test was asked. */
    static final class Asked implements Prober {

        private ProbeParameters parameters;

        ProbeParameters parameters() {
            return Objects.requireNonNull(parameters);
        }

        @Override
        public ProbeResult probe(ProbeParameters asked, long timeoutMillis, BooleanSupplier isGone) {
            parameters = asked;
            return new ProbeResult(
                    Addresses.parse("192.0.2.7"),
                    3,
                    2,
                    new ProbeResult.RoundTrips(1_000_000, 1_500_000, 2_000_000, 1_000_000),
                    null);
        }
    }
}
