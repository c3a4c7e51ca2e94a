package io.pingagent.config.type;

import io.pingagent.base.InvalidValueException;
import io.pingagent.jobs.CronSpec;
import io.pingagent.jobs.CronSpecs;
import java.time.Duration;
import java.time.ZoneId;

/** A cron spec, judged by the code that the agent runs it with. */
public record CronSpecType() implements ValueType<String> {

    @Override
    public String parse(String text) throws InvalidValueException {
        if (text.isBlank()) {
            throw new InvalidValueException("it is empty", "write " + range());
        }
        String spec = text.strip();
        String problem = CronSpec.problemOf(text);
        if (problem != null) {
            throw new InvalidValueException("'" + spec + "' " + problem, "write " + range());
        }
        return spec;
    }

    /**
     * The shortest time between two firings.
     *
     * @param zone in which the fields of the spec are meant
     */
    public static Duration interval(String spec, ZoneId zone) {
        return Duration.ofNanos(new CronSpecs(zone).get(spec).spreadNanos());
    }

    @Override
    public String name() {
        return "cron spec";
    }

    @Override
    public String range() {
        return "five-field cron, six-field cron with seconds first, or @every 10s";
    }

    @Override
    public String format(String value) {
        return TextTypes.quote(value);
    }
}
