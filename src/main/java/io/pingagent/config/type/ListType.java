package io.pingagent.config.type;

import io.pingagent.base.InvalidValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A list without repetitions of values of one type. A single value stands for a list of one. */
public record ListType<T>(ValueType<T> element) implements ValueType<List<T>> {

    @Override
    public List<T> parse(String text) throws InvalidValueException {
        return text.isBlank() ? List.of() : parseList(List.of(text.split(",", -1)));
    }

    @Override
    public List<T> parseList(List<String> texts) throws InvalidValueException {
        List<T> values = new ArrayList<>(texts.size());
        for (String text : texts) {
            T value = element.parse(text.strip());
            if (values.contains(value)) {
                throw new InvalidValueException("'" + text.strip() + "' is there twice", "remove one");
            }
            values.add(value);
        }
        return List.copyOf(values);
    }

    @Override
    public String name() {
        return "list of " + element.name();
    }

    @Override
    public String range() {
        return "a list, each " + element.range();
    }

    @Override
    public String format(List<T> values) {
        return values.stream().map(element::format).collect(Collectors.joining(", ", "[", "]"));
    }
}
