package io.pingagent.config;

import io.pingagent.model.Addresses;
import io.pingagent.model.FileNames;
import io.pingagent.model.IpAddress;
import io.pingagent.model.NeverAnswers;
import io.pingagent.model.TimeZones;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Types of words: names, files, addresses, servers, choices. */
final class TextTypes {

    private static final Pattern PLAIN_YAML = Pattern.compile("[A-Za-z/](?:[A-Za-z0-9/._@*-]|:(?=[A-Za-z0-9/*]))*+");
    private static final Pattern YAML_WORDS = Pattern.compile("(?i)null|true|false|yes|no|on|off|y|n");
    /** A name that a resolver may know, as a regular expression. */
    static final String HOST_NAME = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}";

    private TextTypes() {}

    /** Any text of one line that is not empty. */
    static ValueType<String> line() {
        return new ScalarType<>("text", "a text of one line", TextTypes::parseLine, TextTypes::quote);
    }

    private static String parseLine(String text) throws InvalidValueException {
        if (text.isEmpty()) {
            throw new InvalidValueException("it is empty", "write a text or remove the key");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidValueException("it has a line break or control character", "write a text of one line");
        }
        refuseLostCharacters(text);
        return text;
    }

    /** Bytes that are not UTF-8 become U+FFFD, and two different texts one. */
    static void refuseLostCharacters(String text) throws InvalidValueException {
        if (text.indexOf('\ufffd') >= 0) {
            throw new InvalidValueException(
                    "it holds U+FFFD, which stands for characters that were lost", "write it in UTF-8");
        }
    }

    static ValueType<ZoneId> timeZone() {
        return new ScalarType<>(
                "time zone",
                "an IANA name such as Europe/Berlin, or UTC",
                text -> {
                    try {
                        return TimeZones.of(text.strip());
                    } catch (IllegalArgumentException e) {
                        throw new InvalidValueException(
                                String.valueOf(e.getMessage()), "write an IANA name such as Europe/Berlin, or UTC");
                    }
                },
                zone -> quote(zone.getId()));
    }

    /** As long as every version of Zabbix takes it: 6.0 cuts off the rest. */
    static ValueType<String> metadata() {
        String range = "a text of one line, of at most 255 characters";
        return new ScalarType<>(
                "text",
                range,
                text -> {
                    if (parseLine(text).length() > 255) {
                        throw new InvalidValueException("it has " + text.length() + " characters", "write " + range);
                    }
                    return text;
                },
                TextTypes::quote);
    }

    /** The name becomes part of Redis keys and of log lines. */
    static ValueType<String> agentName() {
        return new ScalarType<>(
                "name",
                "a name of 1 to 128 characters without white space",
                text -> {
                    if (text.isEmpty()) {
                        throw new InvalidValueException("it is empty", "write a name or remove the key");
                    }
                    refuseLostCharacters(text);
                    if (text.length() > 128
                            || text.codePoints()
                                    .anyMatch(c -> Character.isWhitespace(c)
                                            || Character.isSpaceChar(c)
                                            || Character.isISOControl(c))) {
                        throw new InvalidValueException(
                                "'" + text.replaceAll("\\p{Cntrl}", "?")
                                        + "' has white space or control characters, or is longer than 128 characters",
                                "write a name of 1 to 128 characters without white space");
                    }
                    return text;
                },
                TextTypes::quote);
    }

    /** The path of a Unix socket, or the word that stands for none. */
    static ValueType<String> socket() {
        String range = "an absolute path of 1 to 107 bytes, or none";
        return new ScalarType<>(
                "path",
                range,
                text -> {
                    String path = parseLine(text);
                    boolean isPath = path.startsWith("/") && path.getBytes(StandardCharsets.UTF_8).length <= 107;
                    if (!isPath && !path.equals(AgentConfig.NO_SOCKET)) {
                        throw InvalidValueException.notAllowed(text, range);
                    }
                    return path;
                },
                TextTypes::quote);
    }

    /** As the Zabbix server allows. */
    static ValueType<String> zabbixHost() {
        String range = "a Zabbix host name of 1 to 128 letters, digits, spaces and . _ -";
        return new ScalarType<>(
                "name",
                range,
                text -> {
                    if (!isZabbixHost(text)) {
                        throw InvalidValueException.notAllowed(text, range);
                    }
                    return text;
                },
                TextTypes::quote);
    }

    static boolean isZabbixHost(String name) {
        return name.matches("[0-9A-Za-z._-]([0-9A-Za-z ._-]{0,126}[0-9A-Za-z._-])?");
    }

    /** As the kernel allows: IFNAMSIZ is 16 with the final zero. */
    static ValueType<String> interfaceName() {
        String range = "an interface name of 1 to 15 characters";
        return new ScalarType<>(
                "name",
                range,
                text -> {
                    if (!text.matches("[^\\s/\\p{Cntrl}]{1,15}")) {
                        throw InvalidValueException.notAllowed(text, range);
                    }
                    return text;
                },
                TextTypes::quote);
    }

    static ValueType<Path> path() {
        String range = "an absolute path";
        return new ScalarType<>(
                "path",
                range,
                text -> {
                    try {
                        Path path = FileNames.path(text);
                        if (path.isAbsolute()) {
                            return path.normalize();
                        }
                    } catch (IllegalArgumentException e) {
                        throw new InvalidValueException(String.valueOf(e.getMessage()), FileNames.REMEDY);
                    }
                    throw new InvalidValueException("it is not an absolute path", "let it begin with /");
                },
                path -> quote(path.toString()));
    }

    /** An address that a probe can come from. */
    static ValueType<IpAddress> sourceAddress() {
        return new ScalarType<>(
                "address",
                "an IPv4 or IPv6 address",
                TextTypes::parseSourceAddress,
                address -> quote(address.toString()));
    }

    /** An address that can answer. */
    static ValueType<IpAddress> probedAddress() {
        return new ScalarType<>(
                "address",
                "an IPv4 or IPv6 address that can answer",
                TextTypes::parseProbedAddress,
                address -> quote(address.toString()));
    }

    private static IpAddress parseProbedAddress(String text) throws InvalidValueException {
        IpAddress address = parseAddress(text);
        String why = NeverAnswers.why(address);
        if (!why.isEmpty()) {
            throw new InvalidValueException("'" + text + "' never answers: " + why, "name an address that does");
        }
        return address;
    }

    private static IpAddress parseAddress(String text) throws InvalidValueException {
        try {
            return Addresses.parse(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException(
                    String.valueOf(e.getMessage()), "write an IPv4 or IPv6 address, not a name");
        }
    }

    private static IpAddress parseSourceAddress(String text) throws InvalidValueException {
        IpAddress address = parseAddress(text);
        String why = NeverAnswers.why(address);
        if (!why.isEmpty()) {
            throw new InvalidValueException(
                    "'" + text + "' can never be a source: " + why, NeverAnswers.sourceRemedy(address));
        }
        return address;
    }

    /** {@code host}, {@code host:port}, {@code address}, {@code [address]:port}. */
    static ValueType<HostPort> hostPort(int defaultPort) {
        String range = "HOST, HOST:PORT or [IPv6]:PORT with a port of 1 to 65535";
        return new ScalarType<>(
                "host:port",
                range,
                text -> parseHostPort(text, defaultPort, range),
                server -> quote(server.toString()));
    }

    private static HostPort parseHostPort(String text, int defaultPort, String range) throws InvalidValueException {
        String host = text;
        String port = Integer.toString(defaultPort);
        int lastColon = text.lastIndexOf(':');
        boolean severalColons = text.indexOf(':') != lastColon;
        if (text.startsWith("[") && text.endsWith("]")) {
            host = text.substring(1, text.length() - 1);
        } else if (lastColon >= 0 && (!severalColons || text.startsWith("["))) {
            host = text.substring(0, lastColon);
            port = text.substring(lastColon + 1);
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            }
        }
        if (!port.matches("\\d{1,5}") || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65_535) {
            throw InvalidValueException.notAllowed(text, range);
        }
        if (host.indexOf(':') >= 0) {
            try {
                host = Addresses.parse(host).toString();
            } catch (IllegalArgumentException e) {
                throw InvalidValueException.notAllowed(text, range);
            }
        } else if (!host.matches(HOST_NAME)) {
            throw InvalidValueException.notAllowed(text, range);
        }
        return new HostPort(host, Integer.parseInt(port));
    }

    /** One of an enum's constants; case does not matter. */
    static <E extends Enum<E>> ValueType<E> choice(Class<E> type, Function<E, String> textOf) {
        String range = Arrays.stream(type.getEnumConstants()).map(textOf).collect(Collectors.joining(", "));
        return new ScalarType<>(
                "choice",
                "one of " + range,
                text -> {
                    for (E value : type.getEnumConstants()) {
                        if (textOf.apply(value).equalsIgnoreCase(text)) {
                            return value;
                        }
                    }
                    throw InvalidValueException.notAllowed(text, "one of " + range);
                },
                value -> quote(textOf.apply(value)));
    }

    static <E extends Enum<E>> ValueType<E> choice(Class<E> type) {
        return choice(type, value -> value.name().toLowerCase(Locale.ROOT));
    }

    /** As a YAML scalar on one line, with quotes where YAML needs them. */
    static String quote(String text) {
        if (PLAIN_YAML.matcher(text).matches() && !YAML_WORDS.matcher(text).matches()) {
            return text;
        }
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
            } else if (Character.isISOControl(c) || c == 0x2028 || c == 0x2029) {
                quoted.append(String.format("\\u%04x", c));
            } else {
                quoted.appendCodePoint(c);
            }
        });
        return quoted.append('"').toString();
    }
}
