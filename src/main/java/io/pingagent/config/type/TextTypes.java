package io.pingagent.config.type;

import io.pingagent.base.InvalidValueException;
import io.pingagent.model.Addresses;
import io.pingagent.model.DnsServer;
import io.pingagent.model.FileNames;
import io.pingagent.model.IpAddress;
import io.pingagent.model.KeyNames;
import io.pingagent.model.NeverAnswers;
import io.pingagent.model.TimeZones;
import io.pingagent.model.ZabbixServer;
import io.pingagent.redis.RedisUrl;
import io.pingagent.zabbix.api.ApiUrls;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Types of words: names, files, addresses, servers, choices. */
public final class TextTypes {

    private static final Pattern PLAIN_YAML = Pattern.compile("[A-Za-z/](?:[A-Za-z0-9/._@*-]|:(?=[A-Za-z0-9/*]))*+");
    private static final Pattern YAML_WORDS = Pattern.compile("(?i)null|true|false|yes|no|on|off|y|n");

    /** In place of the path of a socket. */
    public static final String NO_SOCKET = "none";

    private TextTypes() {}

    /** Any text of one line that is not empty. */
    public static ValueType<String> line() {
        return new ScalarType<>("text", "a text of one line", TextTypes::parseLine, TextTypes::quote);
    }

    private static String parseLine(String text) throws InvalidValueException {
        if (text.isEmpty()) {
            throw new InvalidValueException("it is empty", "write a text or remove the key");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidValueException("it has a line break or control character", "write a text of one line");
        }
        InvalidValueException.refuseLostCharacters(text);
        return text;
    }

    public static ValueType<ZoneId> timeZone() {
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
    public static ValueType<String> metadata() {
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
    public static ValueType<String> agentName() {
        String range = "a name of 1 to " + KeyNames.MOST_AGENT_CHARACTERS + " characters without white space";
        return new ScalarType<>(
                "name",
                range,
                text -> {
                    if (text.isEmpty()) {
                        throw new InvalidValueException("it is empty", "write a name or remove the key");
                    }
                    InvalidValueException.refuseLostCharacters(text);
                    if (!KeyNames.isValid(text, KeyNames.MOST_AGENT_CHARACTERS)) {
                        throw new InvalidValueException(
                                "'" + text.replaceAll("\\p{Cntrl}", "?")
                                        + "' has white space or control characters, or is longer than "
                                        + KeyNames.MOST_AGENT_CHARACTERS + " characters",
                                "write " + range);
                    }
                    return text;
                },
                TextTypes::quote);
    }

    /** The path of a Unix socket, or the word that stands for none. */
    public static ValueType<String> socket() {
        String range = "an absolute path of 1 to 107 bytes, or none";
        return new ScalarType<>(
                "path",
                range,
                text -> {
                    String path = parseLine(text);
                    boolean isPath = path.startsWith("/") && path.getBytes(StandardCharsets.UTF_8).length <= 107;
                    if (!isPath && !path.equals(NO_SOCKET)) {
                        throw InvalidValueException.notAllowed(text, range);
                    }
                    return path;
                },
                TextTypes::quote);
    }

    /** As the Zabbix server allows. */
    public static ValueType<String> zabbixHost() {
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

    private static boolean isZabbixHost(String name) {
        return name.matches("[0-9A-Za-z._-]([0-9A-Za-z ._-]{0,126}[0-9A-Za-z._-])?");
    }

    /** As the kernel allows: IFNAMSIZ is 16 with the final zero. */
    public static ValueType<String> interfaceName() {
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

    public static ValueType<Path> path() {
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
    public static ValueType<IpAddress> sourceAddress() {
        return new ScalarType<>(
                "address",
                "an IPv4 or IPv6 address",
                TextTypes::parseSourceAddress,
                address -> quote(address.toString()));
    }

    /** An address that can answer. */
    public static ValueType<IpAddress> probedAddress() {
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
    public static ValueType<DnsServer> dnsServer() {
        String range = "ADDRESS, IPv4:PORT or [IPv6]:PORT with a port of 1 to 65535, no name";
        return new ScalarType<>(
                "address:port", range, text -> parseDnsServer(text, range), server -> quote(server.toString()));
    }

    private static DnsServer parseDnsServer(String text, String range) throws InvalidValueException {
        try {
            return DnsServer.parse(text);
        } catch (IllegalArgumentException e) {
            throw InvalidValueException.notAllowed(text, range);
        }
    }

    public static ValueType<ZabbixServer> zabbixServer() {
        String range = "HOST, HOST:PORT or [IPv6]:PORT with a port of 1 to 65535";
        return new ScalarType<>(
                "host:port", range, text -> parseZabbixServer(text, range), server -> quote(server.toString()));
    }

    private static ZabbixServer parseZabbixServer(String text, String range) throws InvalidValueException {
        String host = text;
        String port = Integer.toString(ZabbixServer.DEFAULT_PORT);
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
        } else if (!host.matches(RedisUrl.HOST_NAME)) {
            throw InvalidValueException.notAllowed(text, range);
        }
        return new ZabbixServer(host, Integer.parseInt(port));
    }

    public static ValueType<RedisUrl> redisUrl() {
        return new ScalarType<>("URL", RedisUrl.FORM, RedisUrl::parse, url -> quote(url.toString()));
    }

    public static ValueType<URI> apiUrl() {
        return new ScalarType<>("URL", ApiUrls.FORM, ApiUrls::parse, url -> quote(url.toString()));
    }

    /** One of an enum's constants; case does not matter. */
    public static <E extends Enum<E>> ValueType<E> choice(Class<E> type, Function<E, String> textOf) {
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

    public static <E extends Enum<E>> ValueType<E> choice(Class<E> type) {
        return choice(type, value -> value.name().toLowerCase(Locale.ROOT));
    }

    /** As a YAML scalar on one line, with quotes where YAML needs them. */
    public static String quote(String text) {
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
