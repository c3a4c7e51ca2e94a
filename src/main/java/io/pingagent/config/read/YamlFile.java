package io.pingagent.config.read;

import io.pingagent.model.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads the YAML file into raw values by key path. Works on the nodes, not on loaded objects, so that every problem
 * has its line and every value is seen as it was written.
 */
public final class YamlFile {

    /** A hundred times the example with all keys and their descriptions. */
    private static final int MAX_BYTES = 1 << 20;

    /** As Windows puts it in front. */
    private static final String UTF8_MARK = "\ufeff";

    /** Sections lie in sections, and a list in the innermost: 3 are in use. */
    private static final int MAX_DEPTH = 20;

    private static final Pattern NO_KEY = Pattern.compile("[:=\\s]");
    private static final Pattern NAMES_IN_PROBLEMS = Pattern.compile("(?i)(anchor|alias|tag|handle|directive) \\S.*");

    private final Path file;
    private final KnownKeys keys;
    private final List<Problem> problems;
    private final Map<String, RawValue> values = new LinkedHashMap<>();

    private YamlFile(Path file, KnownKeys keys, List<Problem> problems) {
        this.file = file;
        this.keys = keys;
        this.problems = problems;
    }

    /**
     * @param problems receives whatever is wrong
     * @throws AccessDeniedException if this user may not read the file
     * @return the values of known keys, by path; keys set to null are left out
     */
    public static Map<String, RawValue> read(Path file, KnownKeys keys, List<Problem> problems)
            throws AccessDeniedException {
        YamlFile reader = new YamlFile(file, keys, problems);
        String text = reader.readText();
        if (text != null) {
            reader.readValues(text);
        }
        return reader.values;
    }

    private @Nullable String readText() throws AccessDeniedException {
        try {
            byte[] bytes;
            try (InputStream in = Files.newInputStream(file)) {
                bytes = in.readNBytes(MAX_BYTES + 1);
            }
            if (bytes.length > MAX_BYTES) {
                add(file.toString(), "it is larger than " + MAX_BYTES + " bytes", "name the configuration file");
                return null;
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith(UTF8_MARK) ? text.substring(UTF8_MARK.length()) : text;
        } catch (NoSuchFileException e) {
            add(file.toString(), "there is no such file", "create it or name another one with --config");
        } catch (AccessDeniedException e) {
            throw e;
        } catch (CharacterCodingException e) {
            add(file.toString(), "it is not UTF-8", "save it as UTF-8");
        } catch (IOException e) {
            add(file.toString(), "it cannot be read (" + e + ")", "make it readable for this user");
        }
        return null;
    }

    private void readValues(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file.toString())
                // Both are reported by walk(), with their lines.
                .setAllowDuplicateKeys(true)
                .setAllowNonScalarKeys(true)
                .build();
        try {
            if (isTooDeep(text, settings)) {
                add(file.toString(), "it is nested more than " + MAX_DEPTH + " deep", "write sections and lists only");
                return;
            }
            Node root = new Compose(settings).composeString(text).orElse(null);
            if (root instanceof MappingNode mapping) {
                walk("", mapping);
            } else if (root != null && !root.getTag().equals(Tag.NULL)) {
                add(at(root), "it holds no sections", "write for example 'redis:' and below it '  url: redis://…'");
            }
        } catch (MarkedYamlEngineException e) {
            Mark mark = e.getProblemMark().orElse(null);
            add(
                    mark == null ? file.toString() : file + ":" + (mark.getLine() + 1),
                    "it is not valid YAML: " + withoutNames(e.getProblem())
                            + (mark == null ? "" : " in column " + (mark.getColumn() + 1)),
                    "fix the indentation, quotes or brackets there or just above");
        } catch (YamlEngineException | IllegalArgumentException e) {
            // The library refuses some tags with the latter.
            String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            add(file.toString(), "it is not valid YAML: " + withoutNames(message), "write it without this");
        }
    }

    /** An anchor, alias or tag may be a password without quotes. */
    private static String withoutNames(String problem) {
        return NAMES_IN_PROBLEMS.matcher(problem).replaceAll("$1 (a text that begins with & * ! or % needs quotes)");
    }

    /** Nodes are built by recursion, which ends in an overflow of the stack; events are not. */
    private static boolean isTooDeep(String text, LoadSettings settings) {
        int depth = 0;
        for (Event event : new Parse(settings).parseString(text)) {
            if (event instanceof CollectionStartEvent && ++depth > MAX_DEPTH) {
                return true;
            }
            if (event instanceof CollectionEndEvent) {
                depth--;
            }
        }
        return false;
    }

    private void walk(String prefix, MappingNode mapping) {
        Map<String, Integer> lines = new HashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Node keyNode = tuple.getKeyNode();
            if (!(keyNode instanceof ScalarNode scalar)) {
                add(at(keyNode), "a key is not a word", "write 'key: value'");
                continue;
            }
            String path = prefix + word(scalar.getValue());
            String where = at(keyNode) + ": " + path;
            Integer earlier = lines.putIfAbsent(path, line(keyNode));
            if (earlier != null) {
                add(where, "the key is there twice, first in line " + earlier, "remove one");
                continue;
            }
            Node value = tuple.getValueNode();
            if (keys.find(path) != null) {
                readLeaf(path, where, value);
            } else if (!keys.isSection(path)) {
                problems.add(UnknownKeys.problem(where, path, keys));
            } else if (value instanceof MappingNode section) {
                walk(path + ".", section);
            } else if (!value.getTag().equals(Tag.NULL)) {
                add(where, "it is a section, not a value", "write its keys below it, indented");
            }
        }
    }

    /** What cannot be a key is cut off: in {@code password:secret} the blank is missing. */
    private static String word(String key) {
        Matcher matcher = NO_KEY.matcher(key);
        return matcher.find() ? key.substring(0, matcher.start()) + "…" : key;
    }

    private void readLeaf(String path, String where, Node value) {
        if (value instanceof ScalarNode scalar) {
            if (!scalar.getTag().equals(Tag.NULL)) {
                values.put(path, RawValue.scalar(where, Origin.FILE, scalar.getValue()));
            }
        } else if (value instanceof SequenceNode sequence) {
            List<String> texts = new ArrayList<>();
            for (Node element : sequence.getValue()) {
                if (!(element instanceof ScalarNode scalar)) {
                    add(at(element) + ": " + path, "an element of the list is not a word", "write [\"a\", \"b\"]");
                    return;
                }
                texts.add(scalar.getValue());
            }
            values.put(path, new RawValue(where, Origin.FILE, texts, true));
        } else {
            add(where, "it is a value, not a section", "write " + path + " and its value on one line");
        }
    }

    private String at(Node node) {
        return file + ":" + line(node);
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    private void add(String where, String what, String remedy) {
        problems.add(new Problem(where, what, remedy));
    }
}
