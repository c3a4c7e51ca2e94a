package io.pingagent.control;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OneLine;
import io.pingagent.model.AddressStatus;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Zones;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Answers by item key, from what the ports know. */
@AnyThread
public final class ControlAnswers implements ControlHandler {

    /** A row has at least 50 bytes, so more would be too long a text in any case. */
    private static final int MOST_ROWS = ControlProtocol.MOST_ANSWER_BYTES / 50;

    /** The same for a discovery list, whose rows have at least 80 bytes. */
    private static final int MOST_DISCOVERED = ControlProtocol.MOST_ANSWER_BYTES / 80;

    private static final int MOST_SHOWN = 100;

    /** A list of all addresses has up to 20 MB before it is text. */
    private static final int LISTS_AT_ONCE = 2;
    /** A third of the time is for waiting, the rest for reading. */
    private static final long SHARES = 3;

    private final Agents agents;
    private final Prober prober;
    private final Histories histories;
    private final RequestLimiter lists =
            new RequestLimiter(LISTS_AT_ONCE, "the agent is busy with " + LISTS_AT_ONCE + " other lists of addresses");

    public ControlAnswers(Agents agents, Prober prober, Histories histories) {
        this.agents = agents;
        this.prober = prober;
        this.histories = histories;
    }

    @Override
    public String answer(ControlRequest request) throws ControlException {
        return answer(request, () -> false);
    }

    @Override
    public String answer(ControlRequest request, BooleanSupplier isGone) throws ControlException {
        if (request.key().equals(HistoryJson.KEY)) {
            return lists.take(request.timeoutMillis() / SHARES, () -> history(request));
        }
        ItemKey key = ItemKey.of(request.key());
        if (key == null) {
            throw new ControlException("there is no key '" + OneLine.of(request.key(), MOST_SHOWN) + "'");
        }
        key.requireCount(request.parameters());
        if (key == ItemKey.PROBE) {
            long availableMillis = Math.min(ProbeParameters.MOST_MILLIS, request.timeoutMillis());
            ProbeParameters parameters = ProbeParameters.parse(request.parameters(), availableMillis);
            return FiguresJson.probe(prober.probe(parameters, availableMillis, isGone));
        }
        String name = ItemKey.parameter(request.parameters(), 0);
        long timeoutMillis = request.timeoutMillis();
        return switch (key) {
            case GET, DISCOVERY, ERR_LIST_GET -> {
                long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
                yield lists.take(timeoutMillis / SHARES, () -> {
                    long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
                    return list(key, agents.agent(name, Math.max(1, leftMillis)));
                });
            }
            case AGENT_GET ->
                FiguresJson.agent(agents.agent(name, timeoutMillis).figures());
            default -> value(key, agents.agent(name, timeoutMillis), ItemKey.parameter(request.parameters(), 1));
        };
    }

    private String history(ControlRequest request) throws ControlException {
        List<String> parameters = request.parameters();
        String name = ItemKey.parameter(parameters, 0);
        Duration last = HistoryJson.last(ItemKey.parameter(parameters, 2));
        AgentSource agent = agents.agent(name, request.timeoutMillis());
        IpAddress address = parse(agent, ItemKey.parameter(parameters, 1));
        return HistoryJson.text(histories.of(agent.name(), address, last));
    }

    private static String list(ItemKey key, AgentSource agent) throws ControlException {
        return switch (key) {
            case GET -> bounded(key, FiguresJson.all(agent.figures(), rows(key, agent, false)));
            case DISCOVERY -> discovery(agent);
            default -> bounded(key, FiguresJson.addresses(rows(key, agent, true)));
        };
    }

    private static List<AddressFigures> rows(ItemKey key, AgentSource agent, boolean errListOnly)
            throws ControlException {
        List<AddressFigures> rows = agent.addresses(errListOnly, MOST_ROWS);
        if (rows == null) {
            throw tooLong(key);
        }
        return rows;
    }

    private static String discovery(AgentSource agent) throws ControlException {
        String list = agent.discovery(MOST_DISCOVERED);
        if (list == null) {
            throw tooLong(ItemKey.DISCOVERY);
        }
        return bounded(ItemKey.DISCOVERY, list);
    }

    private static String bounded(ItemKey key, String text) throws ControlException {
        if (text.length() > ControlProtocol.MOST_ANSWER_BYTES) {
            throw tooLong(key);
        }
        return text;
    }

    private static ControlException tooLong(ItemKey key) {
        return new ControlException(
                "the agent has too many addresses for " + key.key() + ": its text would have more than "
                        + ControlProtocol.MOST_ANSWER_BYTES / 1024 / 1024
                        + " MiB; let the agent send its values itself (zabbix.servers, template 'Ping agent')");
    }

    private static String value(ItemKey key, AgentSource agent, String text) throws ControlException {
        AddressFigures figures = agent.address(parse(agent, text));
        if (figures == null) {
            throw notProbed(agent, text);
        }
        AddressStatus status = figures.status();
        Double lossPercent = figures.quality().lossPercent();
        Long nanos = key == ItemKey.JITTER
                ? figures.quality().jitterNanos()
                : figures.quality().rttNanos();
        if (key == ItemKey.STATUS && status != null) {
            return Integer.toString(status.number());
        }
        if (key == ItemKey.LOSS && lossPercent != null) {
            return FiguresJson.percent(lossPercent);
        }
        if ((key == ItemKey.RTT || key == ItemKey.JITTER) && nanos != null) {
            return FiguresJson.seconds(nanos);
        }
        throw new ControlException(missing(key, text));
    }

    private static ControlException notProbed(AgentSource agent, String text) {
        return new ControlException("agent " + agent.name() + " does not probe " + OneLine.of(text, MOST_SHOWN)
                + "; add the address to a group of one of its jobs");
    }

    private static String missing(ItemKey key, String address) {
        return switch (key) {
            case STATUS -> address + " is neither up nor down yet; wait for its first probes";
            case LOSS -> "no probe of " + address + " was settled in the last 60 s";
            case RTT -> address + " does not answer, so it has no round-trip time";
            default ->
                "no jitter of " + address
                        + " is known: it takes two replies from the first question on, and only the agent"
                        + " that probes it knows it";
        };
    }

    private static IpAddress parse(AgentSource agent, String text) throws ControlException {
        if (text.isEmpty()) {
            throw new ControlException("no address; write " + ItemKey.STATUS.usage());
        }
        int percent = text.indexOf('%');
        if (percent >= 0 && Zones.find(text.substring(percent + 1)) == 0) {
            // Whoever asks must not fill the table of zones.
            throw notProbed(agent, text);
        }
        try {
            return Addresses.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ControlException(String.valueOf(e.getMessage()), e);
        }
    }
}
