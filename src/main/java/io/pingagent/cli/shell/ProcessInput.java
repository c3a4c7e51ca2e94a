package io.pingagent.cli.shell;

import io.pingagent.base.ExitStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Arguments and environment of this process as UTF-8, whatever the locale. In a locale without UTF-8 Java makes U+FFFD
 * of every other byte, and two names become one. The kernel still has the bytes. Stateless.
 */
public final class ProcessInput {

    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
    private static final Path ENVIRONMENT = Path.of("/proc/self/environ");

    private ProcessInput() {}

    /**
     * @param decoded the arguments as Java decoded them
     * @throws CommandFailure (64) if one is not UTF-8
     */
    public static String[] arguments(String[] decoded) {
        return arguments(decoded, COMMAND_LINE);
    }

    public static String[] arguments(String[] decoded, Path commandLine) {
        if (areAscii(List.of(decoded))) {
            return decoded;
        }
        List<byte[]> words = words(commandLine);
        int first = words.size() - decoded.length;
        if (first < 0) {
            return decoded;
        }
        String[] arguments = new String[decoded.length];
        for (int i = 0; i < arguments.length; i++) {
            try {
                arguments[i] = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(words.get(first + i)))
                        .toString();
            } catch (CharacterCodingException e) {
                throw new CommandFailure(
                        ExitStatus.USAGE,
                        "argument " + (i + 1) + " '" + new String(words.get(first + i), StandardCharsets.UTF_8)
                                + "' is not UTF-8; let the terminal or script write UTF-8",
                        e);
            }
        }
        return arguments;
    }

    /** What is not UTF-8 holds U+FFFD, which no name, path or text of the configuration may. */
    static Map<String, String> environment() {
        return environment(System.getenv(), ENVIRONMENT);
    }

    static Map<String, String> environment(Map<String, String> decoded, Path environment) {
        if (areAscii(decoded.values())) {
            return decoded;
        }
        Map<String, String> variables = new HashMap<>(decoded);
        for (byte[] word : words(environment)) {
            String text = new String(word, StandardCharsets.UTF_8);
            int equals = text.indexOf('=');
            if (equals > 0) {
                variables.replace(text.substring(0, equals), text.substring(equals + 1));
            }
        }
        return variables;
    }

    private static boolean areAscii(Iterable<String> texts) {
        for (String text : texts) {
            if (text.chars().anyMatch(character -> character > 0x7f)) {
                return false;
            }
        }
        return true;
    }

    /** None if the file cannot be read. */
    private static List<byte[]> words(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            return List.of();
        }
        List<byte[]> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                words.add(Arrays.copyOfRange(bytes, start, i));
                start = i + 1;
            }
        }
        return words;
    }
}
