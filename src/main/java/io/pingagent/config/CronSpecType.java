package io.pingagent.config;

/** A cron spec; {@link ConfigLoader} lets the plugged-in {@link SpecCheck} judge it. */
record CronSpecType() implements ValueType<String> {

    @Override
    public String parse(String text) throws InvalidValueException {
        if (text.isBlank()) {
            throw new InvalidValueException("it is empty", "write " + range());
        }
        return text.strip();
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
