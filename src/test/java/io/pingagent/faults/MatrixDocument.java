package io.pingagent.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The tables of the reliability document, between markers. One thread. */
final class MatrixDocument {

    private static final Path DOCUMENT = Path.of("src", "site", "markdown", "reliability.md");
    private static final boolean REGENERATE = Boolean.getBoolean("pingagent.regenerate");

    private static final String HEAD = """
            | fault | lasts | longest gap of unaffected addresses | false entries | affected addresses on the err list | right again after | what was said |
            |---|---|---|---|---|---|---|
            """;

    private MatrixDocument() {}

    /** Writes the table to the target directory and, if asked for, into the document. */
    static void write(Fault.Kind kind, List<FaultResult> rows) throws IOException {
        write(word(kind), HEAD, rows.stream().map(FaultResult::markdown).toList());
    }

    /** As {@link #write(Fault.Kind, List)}, of any table. */
    static void write(String word, String head, List<String> rows) throws IOException {
        String table = head + rows.stream().map(row -> row + "\n").collect(Collectors.joining());
        Files.createDirectories(FaultRun.DIRECTORY);
        Files.writeString(FaultRun.DIRECTORY.resolve(word.replace(' ', '-') + ".md"), table);
        if (REGENERATE) {
            replace(word, table);
        }
    }

    /** Puts a table between its markers. */
    private static void replace(String word, String table) throws IOException {
        String document = Files.readString(DOCUMENT);
        int from = document.indexOf(start(word)) + start(word).length();
        int until = document.indexOf(end(word));
        Files.writeString(DOCUMENT, document.substring(0, from) + table + document.substring(until));
    }

    /** Fails unless the document has a row for each fault, and no other. */
    static void check(Fault.Kind kind, List<Fault> faults) throws IOException {
        assertEquals(
                faults.stream().map(fault -> fault.name).collect(Collectors.joining("\n")),
                String.join("\n", rows(word(kind))),
                DOCUMENT + " has other rows than the tests; fill it with -Dpingagent.regenerate=true");
    }

    /** First cells of a table. */
    static List<String> rows(String word) throws IOException {
        String document = Files.readString(DOCUMENT);
        List<String> rows = new ArrayList<>();
        document.substring(document.indexOf(start(word)), document.indexOf(end(word)))
                .lines()
                .filter(line -> line.startsWith("| "))
                .skip(1)
                .forEach(line -> rows.add(line.substring(2, line.indexOf(" | "))));
        return rows;
    }

    private static String word(Fault.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static String start(String word) {
        return "<!-- " + word + ": filled by a test -->\n\n";
    }

    private static String end(String word) {
        return "\n<!-- end of " + word + " -->";
    }
}
