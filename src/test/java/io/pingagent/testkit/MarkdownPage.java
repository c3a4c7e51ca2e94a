package io.pingagent.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page of the documentation, taken apart: prose, code blocks, links, anchors. Immutable. */
public final class MarkdownPage {

    private static final Path SITE = Path.of("src/site/markdown");

    private static final Pattern FENCE = Pattern.compile("\\s*```(\\w*).*");
    private static final Pattern HEADING = Pattern.compile("#{1,6} (.+)");
    private static final Pattern LIST_ITEM = Pattern.compile("\\s*(?:[-*]|\\d+\\.) (.*)");
    private static final Pattern COMMENT = Pattern.compile("<!--.*?-->");
    private static final Pattern LINK = Pattern.compile("!?\\[([^\\]\\[]*)]\\(([^)]+)\\)");

    /** Code between one back quote, or between two when the code holds one. */
    private static final Pattern CODE = Pattern.compile("(`+)(?!`)(.*?[^`])\\1(?!`)");

    private final Path path;
    private final List<String> lines;

    /** Whether a line is part of a code block or one of its fences. */
    private final boolean[] inBlock;

    /** A piece of a page and the number of its first line, from 1 on. */
    public record Piece(int line, String text) {}

    private MarkdownPage(Path path, List<String> lines) {
        this.path = path;
        this.lines = List.copyOf(lines);
        inBlock = new boolean[lines.size()];
        boolean open = false;
        for (int i = 0; i < inBlock.length; i++) {
            boolean fence = FENCE.matcher(lines.get(i)).matches();
            inBlock[i] = open || fence;
            open ^= fence;
        }
    }

    public static MarkdownPage read(Path path) throws IOException {
        return new MarkdownPage(path, Files.readAllLines(path));
    }

    /** As a page of that place would be, for tests of what reads pages. */
    public static MarkdownPage of(Path path, String text) {
        return new MarkdownPage(path, text.lines().toList());
    }

    public static MarkdownPage readme() throws IOException {
        return read(Path.of("README.md"));
    }

    /** The front page and all pages of the site, in every language. */
    public static List<MarkdownPage> frontPageAndSite() throws IOException {
        List<MarkdownPage> pages = new ArrayList<>();
        pages.add(readme());
        try (Stream<Path> files = Files.list(SITE)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".md"))
                    .sorted()
                    .toList()) {
                pages.add(read(file));
            }
        }
        return pages;
    }

    public Path path() {
        return path;
    }

    public String text() {
        return String.join("\n", lines) + "\n";
    }

    public List<String> lines() {
        return lines;
    }

    public boolean isTableRow(int index) {
        return !inBlock[index] && lines.get(index).startsWith("|");
    }

    public boolean isInBlock(int index) {
        return inBlock[index];
    }

    /** The contents of all code blocks with this language, without the fences. */
    public List<String> blocks(String language) {
        List<String> blocks = new ArrayList<>();
        StringBuilder block = null;
        for (String line : lines) {
            Matcher fence = FENCE.matcher(line);
            if (!fence.matches()) {
                if (block != null) {
                    block.append(line).append('\n');
                }
            } else if (block != null) {
                blocks.add(block.toString());
                block = null;
            } else if (fence.group(1).equals(language)) {
                block = new StringBuilder();
            }
        }
        return blocks;
    }

    /** The pieces of code in running text and tables. */
    public List<String> codeInText() {
        List<String> code = new ArrayList<>();
        outsideBlocks(line -> CODE.matcher(line).results().forEach(found -> code.add(found.group(2))));
        return code;
    }

    /**
     * Headings, paragraphs and list items, without tables and code blocks. Code in the text is {@link Prose#CODE}, a link its
     * text, a picture nothing.
     */
    public List<Piece> prose() {
        List<Piece> pieces = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int first = 1;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            Matcher heading = HEADING.matcher(line);
            Matcher item = LIST_ITEM.matcher(line);
            boolean ends = inBlock[i] || line.isBlank() || isTableRow(i) || heading.matches() || item.matches();
            if (ends) {
                addPiece(pieces, text, first);
            }
            if (inBlock[i] || isTableRow(i) || line.isBlank()) {
                continue;
            }
            if (text.isEmpty()) {
                first = i + 1;
            }
            text.append(heading.matches() ? heading.group(1) : item.matches() ? item.group(1) : line)
                    .append('\n');
            if (heading.matches()) {
                addPiece(pieces, text, first);
            }
        }
        addPiece(pieces, text, first);
        return pieces;
    }

    private static void addPiece(List<Piece> pieces, StringBuilder text, int first) {
        if (!text.toString().isBlank()) {
            pieces.add(new Piece(first, words(text.toString())));
        }
        text.setLength(0);
    }

    private static String words(String markdown) {
        String text = COMMENT.matcher(markdown).replaceAll("");
        text = CODE.matcher(text).replaceAll(Prose.CODE);
        text = LINK.matcher(text).replaceAll(link -> link.group().startsWith("!") ? "" : link.group(1));
        return text.replace("**", "");
    }

    /** The targets of all links and pictures. */
    public List<Piece> links() {
        List<Piece> links = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!inBlock[i]) {
                String line = CODE.matcher(lines.get(i)).replaceAll(Prose.CODE);
                int number = i + 1;
                LINK.matcher(line).results().forEach(link -> links.add(new Piece(number, link.group(2))));
            }
        }
        return links;
    }

    /** What can stand behind {@code #} in a link to this page: its headings as GitHub writes them. */
    public Set<String> anchors() {
        Set<String> anchors = new LinkedHashSet<>();
        Map<String, Integer> seen = new HashMap<>();
        outsideBlocks(line -> {
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                String anchor = LINK.matcher(heading.group(1))
                        .replaceAll("$1")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-');
                int before = seen.merge(anchor, 1, Integer::sum) - 1;
                anchors.add(before == 0 ? anchor : anchor + "-" + before);
            }
        });
        return anchors;
    }

    /** The levels of the headings in their order: 1 for the title. */
    public List<Integer> headingLevels() {
        List<Integer> levels = new ArrayList<>();
        outsideBlocks(line -> {
            if (HEADING.matcher(line).matches()) {
                levels.add(line.indexOf(' '));
            }
        });
        return levels;
    }

    private void outsideBlocks(Consumer<String> use) {
        for (int i = 0; i < lines.size(); i++) {
            if (!inBlock[i]) {
                use.accept(lines.get(i));
            }
        }
    }
}
