package io.pingagent.config.type;

import io.pingagent.base.InvalidValueException;
import io.pingagent.model.KeyNames;
import io.pingagent.zabbix.api.HostSelection;
import io.pingagent.zabbix.api.ZabbixImport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An entry of {@code zabbix.import}, in the words of the command {@code zabbix import}. */
public final class ImportEntryType {

    private static final String RANGE =
            "options of 'ping-agent zabbix import', such as: --group core --hostgroup Routers --every 10m";

    private static final ValueType<Duration> EVERY = NumberTypes.duration(Duration.ofMinutes(1), Duration.ofDays(1));
    private static final List<String> OPTIONS =
            List.of("--group", "--hostgroup", "--tag", "--template", "--every", "--link-template");

    private ImportEntryType() {}

    public static ValueType<ZabbixImport> type() {
        return new ScalarType<>(
                "import", RANGE, ImportEntryType::parse, entry -> TextTypes.quote(ImportEntryType.text(entry)));
    }

    private static ZabbixImport parse(String text) throws InvalidValueException {
        Words words = new Words(text);
        String group = "";
        List<String> hostGroups = new ArrayList<>();
        List<String> tags = new ArrayList<>();
        List<String> templates = new ArrayList<>();
        boolean linksTemplate = false;
        Duration every = ZabbixImport.DEFAULT_EVERY;
        while (words.hasNext()) {
            String option = words.option();
            switch (option) {
                case "--group" -> {
                    if (!group.isEmpty()) {
                        throw new InvalidValueException(
                                "'" + text + "' names two groups", "write an entry for each group");
                    }
                    group = group(words.value(option));
                }
                case "--hostgroup" -> hostGroups.add(words.value(option));
                case "--tag" -> tags.add(tag(words.value(option)));
                case "--template" -> templates.add(words.value(option));
                case "--every" -> every = every(words.value(option));
                case "--link-template" -> linksTemplate = true;
                default ->
                    throw new InvalidValueException(
                            "'" + option + "' in '" + text + "' is no option of an import",
                            "write " + String.join(", ", OPTIONS));
            }
        }
        if (group.isEmpty()) {
            throw new InvalidValueException("'" + text + "' names no group", "add --group NAME");
        }
        if (hostGroups.isEmpty() && tags.isEmpty() && templates.isEmpty()) {
            throw new InvalidValueException(
                    "'" + text + "' does not say which hosts",
                    "add --hostgroup NAME, --tag NAME=VALUE or --template NAME");
        }
        return new ZabbixImport(group, new HostSelection(hostGroups, tags, templates), linksTemplate, every);
    }

    private static String group(String name) throws InvalidValueException {
        if (!KeyNames.isValid(name, KeyNames.MOST_CHARACTERS) || name.indexOf(',') >= 0) {
            throw new InvalidValueException(
                    "'" + name + "' cannot be the name of a group",
                    "write 1 to " + KeyNames.MOST_CHARACTERS + " characters without white space and commas");
        }
        return name;
    }

    private static String tag(String text) throws InvalidValueException {
        if (text.startsWith("=")) {
            throw new InvalidValueException(
                    "'--tag " + text + "' names no tag", "write --tag NAME=VALUE or --tag NAME");
        }
        return text;
    }

    private static Duration every(String text) throws InvalidValueException {
        try {
            return EVERY.parse(text);
        } catch (InvalidValueException e) {
            throw new InvalidValueException("--every: " + e.what(), e.remedy());
        }
    }

    private static String text(ZabbixImport entry) {
        StringBuilder text = new StringBuilder("--group ").append(Words.quoted(entry.group()));
        entry.hosts().hostGroups().forEach(name -> text.append(" --hostgroup ").append(Words.quoted(name)));
        entry.hosts().tags().forEach(tag -> text.append(" --tag ").append(Words.quoted(tag)));
        entry.hosts().templates().forEach(name -> text.append(" --template ").append(Words.quoted(name)));
        text.append(" --every ").append(EVERY.format(entry.every()));
        return entry.linksTemplate() ? text.append(" --link-template").toString() : text.toString();
    }

    /** The words of a line, as a shell parts them: quotes of both kinds, no other magic. */
    private static final class Words {

        private final String text;
        private final List<String> words = new ArrayList<>();
        private int next;

        Words(String text) throws InvalidValueException {
            this.text = text;
            StringBuilder word = new StringBuilder();
            boolean hasWord = false;
            char quote = 0;
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (quote != 0) {
                    if (c == quote) {
                        quote = 0;
                    } else {
                        word.append(c);
                    }
                } else if (c == '\'' || c == '"') {
                    quote = c;
                    hasWord = true;
                } else if (Character.isWhitespace(c)) {
                    if (hasWord) {
                        words.add(word.toString());
                        word.setLength(0);
                        hasWord = false;
                    }
                } else {
                    word.append(c);
                    hasWord = true;
                }
            }
            if (quote != 0) {
                throw new InvalidValueException("'" + text + "' has a quote without an end", "close it");
            }
            if (hasWord) {
                words.add(word.toString());
            }
        }

        boolean hasNext() {
            return next < words.size();
        }

        /** The next option; what stands behind its equals sign is left for {@link #value}. */
        String option() {
            String word = words.get(next);
            int equals = word.indexOf('=');
            if (word.startsWith("--") && equals > 0) {
                words.set(next, word.substring(equals + 1));
                return word.substring(0, equals);
            }
            next++;
            return word;
        }

        String value(String option) throws InvalidValueException {
            if (!hasNext() || words.get(next).isBlank() || words.get(next).startsWith("--")) {
                throw new InvalidValueException(
                        "'" + option + "' in '" + text + "' has no value",
                        "write the value behind it, in quotes if it has blanks");
            }
            return words.get(next++);
        }

        static String quoted(String word) {
            boolean isPlain = word.chars().allMatch(c -> c > ' ' && c != '"' && c != '\'');
            return isPlain ? word : word.indexOf('"') < 0 ? '"' + word + '"' : "'" + word + "'";
        }
    }
}
