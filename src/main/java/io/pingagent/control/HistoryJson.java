package io.pingagent.control;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import io.pingagent.base.AnyThread;
import io.pingagent.control.KeptProbes.State;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.model.ProbeSeries;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The question for the probes of an address, and its answer. It is asked by commands on the agent's machine, and is no item
 * key: the plugin of Zabbix agent 2 does not know it. Stateless.
 *
 * <pre>
 * {"agent":"gza","address":"192.0.2.1","state":"whole","last":600,"now":1700000000.1,
 *  "probes":[[599.9,0.0123],[598.9,null],[597.9]]}
 * </pre>
 *
 * <p>Of each probe it has its age in seconds, then its round-trip time in seconds. That is null if the probe was lost, and
 * missing if it does not count.
 */
@AnyThread
public final class HistoryJson {

    /** What is asked for. */
    static final String KEY = "agent.history";

    private static final int MILLIS_PER_SECOND = 1_000;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int FIRST_ROOM = 256;

    private HistoryJson() {}

    /**
     * The question.
     *
     * @param last whole seconds, at least one
     */
    public static ControlRequest request(String agent, IpAddress address, Duration last, long timeoutMillis) {
        return new ControlRequest(
                KEY, List.of(agent, address.toString(), Long.toString(last.toSeconds())), timeoutMillis);
    }

    /** @throws ControlException if that is no number of seconds */
    static Duration last(String seconds) throws ControlException {
        if (!seconds.matches("[1-9][0-9]{0,5}")) {
            throw new ControlException("the third parameter of " + KEY + " is a number of seconds, 1 to 999999; write "
                    + KEY + "[agent,address,600]");
        }
        return Duration.ofSeconds(Long.parseLong(seconds));
    }

    static String text(KeptProbes history) {
        StringWriter text = new StringWriter();
        try {
            JsonWriter json = new JsonWriter(text);
            json.beginObject();
            json.name("agent").value(history.agent());
            json.name("address").value(history.address().toString());
            json.name("state").value(history.state().name().toLowerCase(Locale.ROOT));
            json.name("last").value(history.last().toSeconds());
            ProbeSeries series = history.series();
            long nowMillis = series.size() == 0 ? 0 : series.wallMillis(series.size() - 1);
            json.name("now").jsonValue(seconds(nowMillis));
            json.name("probes").beginArray();
            for (int i = 0; i < series.size(); i++) {
                json.beginArray();
                json.jsonValue(seconds(nowMillis - series.wallMillis(i)));
                long rttNanos = series.rttNanos(i);
                if (rttNanos == ProbeSeries.LOST) {
                    json.nullValue();
                } else if (rttNanos >= 0) {
                    json.jsonValue(FiguresJson.seconds(rttNanos));
                }
                json.endArray();
            }
            json.endArray();
            json.endObject();
            json.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static String seconds(long millis) {
        return BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString();
    }

    /** @throws ControlException if it is no such answer */
    public static KeptProbes parse(String answer) throws ControlException {
        String agent = "";
        String address = "";
        State state = State.WHOLE;
        long lastSeconds = 0;
        Probes probes = new Probes();
        try (JsonReader json = new JsonReader(new StringReader(answer))) {
            json.beginObject();
            while (json.hasNext()) {
                switch (json.nextName()) {
                    case "agent" -> agent = json.nextString();
                    case "address" -> address = json.nextString();
                    case "state" -> state = State.valueOf(json.nextString().toUpperCase(Locale.ROOT));
                    case "last" -> lastSeconds = json.nextLong();
                    case "now" -> probes.nowMillis = Math.round(json.nextDouble() * MILLIS_PER_SECOND);
                    case "probes" -> probes.read(json);
                    default -> json.skipValue();
                }
            }
            json.endObject();
            return new KeptProbes(
                    agent, Addresses.parse(address), state, Duration.ofSeconds(lastSeconds), probes.series());
        } catch (IOException | RuntimeException e) {
            throw new ControlException("the agent's answer is not understood; use the version of the agent", e);
        }
    }

    /** Those of an answer. */
    private static final class Probes {

        private long nowMillis;
        private long[] ageMillis = new long[FIRST_ROOM];
        private long[] rttNanos = new long[FIRST_ROOM];
        private int count;

        void read(JsonReader json) throws IOException {
            json.beginArray();
            while (json.hasNext()) {
                if (count == ageMillis.length) {
                    ageMillis = Arrays.copyOf(ageMillis, 2 * count);
                    rttNanos = Arrays.copyOf(rttNanos, 2 * count);
                }
                json.beginArray();
                ageMillis[count] = Math.round(json.nextDouble() * MILLIS_PER_SECOND);
                rttNanos[count] = rtt(json);
                json.endArray();
                count++;
            }
            json.endArray();
        }

        private static long rtt(JsonReader json) throws IOException {
            if (!json.hasNext()) {
                return ProbeSeries.UNKNOWN;
            }
            if (json.peek() == JsonToken.NULL) {
                json.nextNull();
                return ProbeSeries.LOST;
            }
            return Math.round(json.nextDouble() * NANOS_PER_SECOND);
        }

        ProbeSeries series() {
            long[] wallMillis = new long[count];
            for (int i = 0; i < count; i++) {
                wallMillis[i] = nowMillis - ageMillis[i];
            }
            return ProbeSeries.of(wallMillis, rttNanos, count);
        }
    }
}
