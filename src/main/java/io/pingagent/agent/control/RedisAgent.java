package io.pingagent.agent.control;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.pingagent.agent.catalogue.CatalogueLoader;
import io.pingagent.agent.catalogue.LabelBook;
import io.pingagent.agent.catalogue.NamesInRedis;
import io.pingagent.agent.catalogue.RedisCatalogue;
import io.pingagent.agent.catalogue.TargetNames;
import io.pingagent.base.OwnedBy;
import io.pingagent.config.Config;
import io.pingagent.control.AddressFigures;
import io.pingagent.control.AgentFigures;
import io.pingagent.control.AgentSource;
import io.pingagent.control.ControlException;
import io.pingagent.control.RequestLimiter;
import io.pingagent.jobs.CronSpecs;
import io.pingagent.model.AddressStatus;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import io.pingagent.model.TargetLabels;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisSettings;
import io.pingagent.redis.RedisUnreachableException;
import io.pingagent.redis.admin.AdminAgent;
import io.pingagent.redis.admin.AdminRefusedException;
import io.pingagent.redis.admin.RedisAdmin;
import io.pingagent.redis.admin.StatusReader;
import io.pingagent.redis.catalogue.CatalogueReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Another agent, as it last wrote to Redis; each question reads it again. Its jitter is not known there. An address is
 * down when it is on the err list and no longer has a last round-trip time.
 */
@OwnedBy("caller")
final class RedisAgent implements AgentSource {

    private static final int LAST_MS_BATCH = 2_000;
    private static final double NANOS_PER_MILLI = 1e6;

    private final String name;
    private final Config config;
    private final RedisSettings settings;

    private final RequestLimiter readings;

    /** @param readings lets in those who read from Redis, each for as long as its connect timeout at most */
    RedisAgent(String name, Config config, RedisSettings settings, RequestLimiter readings) {
        this.name = name;
        this.config = config;
        this.settings = settings;
        this.readings = readings;
    }

    /** What the status string has of an address. */
    private record Counts(IpAddress address, int sent, int received, boolean errListed) {}

    private interface Reading<T> {
        T from(RedisAdmin redis) throws ControlException;
    }

    private <T> T read(Reading<T> reading) throws ControlException {
        return readings.take(settings.connectTimeout().toMillis(), () -> {
            try (RedisAdmin redis = RedisAdmin.connect(settings)) {
                return reading.from(redis);
            } catch (RedisUnreachableException | AdminRefusedException e) {
                throw new ControlException(String.valueOf(e.getMessage()), e);
            }
        });
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public AgentFigures figures() throws ControlException {
        return read(redis -> {
            AdminAgent agent = redis.agents().get(name);
            String stats = redis.agents().stats(name);
            requireKnown(redis, agent.listed() || stats != null);
            JsonObject json = parse(stats);
            JsonArray problems = json.get("problems") instanceof JsonArray array ? array : null;
            Long errListed = count(json, "errList");
            Long cutOff = count(json, "errListCutOff");
            return new AgentFigures(
                    name,
                    json.get("version") instanceof JsonPrimitive version ? version.getAsString() : null,
                    agent.online(),
                    new AgentFigures.Targets(
                            count(json, "targets"),
                            errListed == null
                                    ? Long.valueOf(agent.errListed())
                                    : Long.valueOf(errListed - (cutOff == null ? 0 : cutOff))),
                    new AgentFigures.Connections(
                            flag(json.get("redis"), "connected"),
                            flag(json.get("zabbix"), "connected"),
                            flag(json.get("isolation"), "isolated")),
                    problems == null
                            ? null
                            : new AgentFigures.Problems(
                                    problems.size(), problems.isEmpty() ? "" : problem(problems.get(0))));
        });
    }

    private void requireKnown(RedisAdmin redis, boolean isKnown) throws ControlException {
        if (!isKnown) {
            throw new ControlException("Redis at " + redis.server() + " knows no agent '" + name
                    + "'; 'ping-agent agent list' shows those it knows");
        }
    }

    private static JsonObject parse(@Nullable String text) {
        try {
            JsonElement parsed = text == null ? null : JsonParser.parseString(text);
            return parsed != null && parsed.isJsonObject() ? parsed.getAsJsonObject() : new JsonObject();
        } catch (JsonParseException e) {
            return new JsonObject();
        }
    }

    private static @Nullable Long count(JsonObject json, String field) {
        return json.get(field) instanceof JsonPrimitive number && number.isNumber()
                ? Long.valueOf(number.getAsLong())
                : null;
    }

    private static @Nullable Boolean flag(@Nullable JsonElement part, String field) {
        return part instanceof JsonObject object
                        && object.get(field) instanceof JsonPrimitive value
                        && value.isBoolean()
                ? Boolean.valueOf(value.getAsBoolean())
                : null;
    }

    private static String problem(JsonElement reported) {
        JsonObject json = reported.isJsonObject() ? reported.getAsJsonObject() : new JsonObject();
        return new Problem(text(json, "where"), text(json, "what"), text(json, "remedy")).toString();
    }

    private static String text(JsonObject json, String field) {
        return json.get(field) instanceof JsonPrimitive value ? value.getAsString() : "";
    }

    @Override
    public @Nullable List<AddressFigures> addresses(boolean errListOnly, int most) throws ControlException {
        return read(redis -> rows(redis, errListOnly, most)).orElse(null);
    }

    private Optional<List<AddressFigures>> rows(RedisAdmin redis, boolean errListOnly, int most)
            throws ControlException {
        List<Counts> counts = new ArrayList<>();
        status(redis, row -> {
            if (counts.size() <= most && (row.errListed() || !errListOnly)) {
                counts.add(row);
            }
        });
        if (counts.size() > most) {
            return Optional.empty();
        }
        counts.sort(Comparator.comparing(Counts::address));
        List<IpAddress> addresses = counts.stream().map(Counts::address).toList();
        List<TargetNames.@Nullable Names> names = names().find(addresses);
        List<@Nullable String> lastMs = new ArrayList<>();
        for (int i = 0; i < addresses.size(); i += LAST_MS_BATCH) {
            lastMs.addAll(redis.agents()
                    .lastMs(name, addresses.subList(i, Math.min(addresses.size(), i + LAST_MS_BATCH))));
        }
        Map<IpAddress, TargetLabels> labels = redis.labels().ofOrNone(addresses);
        List<AddressFigures> rows = new ArrayList<>(counts.size());
        for (int i = 0; i < counts.size(); i++) {
            TargetLabels own = labels.getOrDefault(addresses.get(i), TargetLabels.NONE);
            rows.add(row(counts.get(i), own.name(), nanos(lastMs.get(i)), names.get(i)));
        }
        return Optional.of(rows);
    }

    /** Row by row: there may be a million. */
    private void status(RedisAdmin redis, Consumer<Counts> rows) throws ControlException {
        try (InputStream json = redis.agents().status(name)) {
            if (json == null) {
                requireKnown(redis, redis.agents().get(name).listed());
                return;
            }
            StatusReader.read(json, new RedisKeys(name).allIpStatus(), (ip, sent, received, errListed) -> {
                Counts row = counts(ip, sent, received, errListed);
                if (row != null) {
                    rows.accept(row);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable Counts counts(String ip, int sent, int received, boolean errListed) {
        try {
            return new Counts(Addresses.parse(ip), sent, received, errListed);
        } catch (IllegalArgumentException e) {
            // No agent writes that; the rest is worth as much without it.
            return null;
        }
    }

    private TargetNames names() {
        RedisKeys keys = new RedisKeys(name);
        RedisConnector connector = new RedisConnector(settings);
        return new TargetNames(CatalogueLoader.forOneReading(
                        new RedisCatalogue(new CatalogueReader(connector, keys)),
                        keys,
                        config.probe().timeout().toNanos(),
                        new CronSpecs(config.jobs().timeZone()),
                        new NamesInRedis(connector, keys))
                .load(null)
                .jobs());
    }

    private static @Nullable Long nanos(@Nullable String millis) {
        try {
            return millis == null
                    ? null
                    : Long.valueOf(Math.round(new BigDecimal(millis).doubleValue() * NANOS_PER_MILLI));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static AddressFigures row(
            Counts counts, String name, @Nullable Long rttNanos, TargetNames.@Nullable Names names) {
        int sent = counts.sent();
        return new AddressFigures(
                counts.address(),
                name.isEmpty() ? null : name,
                names == null ? null : names.group(),
                names == null ? null : names.job(),
                rttNanos != null ? AddressStatus.UP : counts.errListed() ? AddressStatus.DOWN : null,
                counts.errListed(),
                new AddressFigures.Quality(
                        sent == 0 ? null : 100.0 * Math.max(0, sent - counts.received()) / sent, rttNanos, null));
    }

    @Override
    public @Nullable AddressFigures address(IpAddress address) throws ControlException {
        Optional<AddressFigures> read = read(redis -> {
            List<Counts> found = new ArrayList<>(1);
            status(redis, row -> {
                if (row.address().equals(address)) {
                    found.add(row);
                }
            });
            return found.isEmpty()
                    ? Optional.empty()
                    : Optional.of(row(
                            found.get(0),
                            "",
                            nanos(redis.agents().lastMs(name, List.of(address)).get(0)),
                            null));
        });
        return read.orElse(null);
    }

    @Override
    public @Nullable String discovery(int most) throws ControlException {
        List<AddressFigures> rows = addresses(false, most);
        if (rows == null) {
            return null;
        }
        List<IpAddress> addresses = rows.stream().map(AddressFigures::address).toList();
        Optional<LabelBook> labels =
                read(redis -> Optional.of(new LabelBook(redis.labels().ofOrNone(addresses), Map.of())));
        return DiscoveryRows.json(rows, labels.orElse(LabelBook.EMPTY), name);
    }
}
