package io.pingagent.control;

import com.google.gson.stream.JsonWriter;
import io.pingagent.base.AnyThread;
import io.pingagent.model.AddressStatus;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of the answers: seconds, percent and statuses as numbers, never with an exponent; what is unknown is left out.
 * Stateless.
 */
@AnyThread
final class FiguresJson {

    private static final int NANO_DIGITS = 9;
    private static final int PERCENT_DIGITS = 4;

    private FiguresJson() {}

    /** A part of a document. */
    private interface Part {
        void writeTo(JsonWriter json) throws IOException;
    }

    static String all(AgentFigures agent, List<AddressFigures> addresses) {
        return text(json -> {
            json.beginObject();
            json.name("agent");
            agent(json, agent);
            json.name("data");
            addresses(json, addresses);
            json.endObject();
        });
    }

    static String agent(AgentFigures agent) {
        return text(json -> agent(json, agent));
    }

    static String addresses(List<AddressFigures> addresses) {
        return text(json -> addresses(json, addresses));
    }

    static String probe(ProbeResult result) {
        return text(json -> {
            json.beginObject();
            json.name("address").value(result.address().toString());
            json.name("sent").value(result.sent());
            json.name("received").value(result.received());
            json.name("loss").jsonValue(percent(100.0 * (result.sent() - result.received()) / result.sent()));
            if (result.received() > 0) {
                json.name("rtt").beginObject();
                json.name("min").jsonValue(seconds(result.roundTrips().minNanos()));
                json.name("avg").jsonValue(seconds(result.roundTrips().avgNanos()));
                json.name("max").jsonValue(seconds(result.roundTrips().maxNanos()));
                json.endObject();
            }
            if (result.roundTrips().jitterNanos() >= 0) {
                json.name("jitter").jsonValue(seconds(result.roundTrips().jitterNanos()));
            }
            text(json, "error", result.error());
            json.endObject();
        });
    }

    /** Plain decimal text with nanoseconds at most. */
    static String seconds(long nanos) {
        return plain(nanos, NANO_DIGITS);
    }

    /** Plain decimal text with four decimals at most. */
    static String percent(double value) {
        return plain(Math.round(value * 1e4), PERCENT_DIGITS);
    }

    /** @param number 0 or more, in units of the last of so many decimals */
    private static String plain(long number, int decimals) {
        StringBuilder text = new StringBuilder(20).append(number);
        while (text.length() <= decimals) {
            text.insert(0, '0');
        }
        text.insert(text.length() - decimals, '.');
        int end = text.length();
        while (text.charAt(end - 1) == '0') {
            end--;
        }
        text.setLength(text.charAt(end - 1) == '.' ? end - 1 : end);
        return text.toString();
    }

    private static String text(Part part) {
        StringWriter text = new StringWriter();
        try {
            JsonWriter json = new JsonWriter(text);
            part.writeTo(json);
            json.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void agent(JsonWriter json, AgentFigures agent) throws IOException {
        json.beginObject();
        json.name("name").value(agent.name());
        text(json, "version", agent.version());
        flag(json, "online", agent.online());
        number(json, "targets", agent.targets().probed());
        number(json, "errlist", agent.targets().errListed());
        flag(json, "redis", agent.connections().redis());
        flag(json, "zabbix", agent.connections().zabbix());
        flag(json, "isolated", agent.connections().isolated());
        AgentFigures.Problems problems = agent.problems();
        if (problems != null) {
            json.name("problems").value(problems.count());
            json.name("problem").value(problems.first());
        }
        json.endObject();
    }

    private static void addresses(JsonWriter json, List<AddressFigures> addresses) throws IOException {
        json.beginArray();
        for (AddressFigures address : addresses) {
            json.beginObject();
            json.name("ip").value(address.address().toString());
            text(json, "name", address.name());
            text(json, "group", address.group());
            text(json, "job", address.job());
            AddressStatus status = address.status();
            number(json, "status", status == null ? null : status.number());
            flag(json, "errlist", address.errListed());
            AddressFigures.Quality quality = address.quality();
            Double lossPercent = quality.lossPercent();
            if (lossPercent != null) {
                json.name("loss").jsonValue(percent(lossPercent));
            }
            nanos(json, "rtt", quality.rttNanos());
            nanos(json, "jitter", quality.jitterNanos());
            json.endObject();
        }
        json.endArray();
    }

    private static void text(JsonWriter json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.name(name).value(value);
        }
    }

    private static void flag(JsonWriter json, String name, @Nullable Boolean value) throws IOException {
        if (value != null) {
            json.name(name).value(value ? 1 : 0);
        }
    }

    private static void number(JsonWriter json, String name, @Nullable Number value) throws IOException {
        if (value != null) {
            json.name(name).value(value);
        }
    }

    private static void nanos(JsonWriter json, String name, @Nullable Long value) throws IOException {
        if (value != null) {
            json.name(name).jsonValue(seconds(value));
        }
    }
}
