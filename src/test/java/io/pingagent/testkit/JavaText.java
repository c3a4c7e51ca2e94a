package io.pingagent.testkit;

import io.pingagent.testkit.MarkdownPage.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The English in a Java source file: its comments and its string literals. Stateless. */
public final class JavaText {

    /** Comments and literals at once, so that neither is found inside the other. Line comments in a row are one. */
    private static final Pattern TOKEN = Pattern.compile("\"\"\"(?s:(?<block>.*?))(?<!\\\\)\"\"\""
            + "|\"(?<string>(?:\\\\.|[^\"\\\\\\n])*+)\""
            + "|'(?:\\\\.|[^'\\\\\\n])++'"
            + "|(?<lines>//[^\\n]*+(?:\\n[ \\t]*//[^\\n]*+)*+)"
            + "|/\\*(?s:(?<comment>.*?))\\*/");

    private static final Pattern CONCATENATION = Pattern.compile("\\s*\\+\\s*");
    private static final Pattern ESCAPE = Pattern.compile("\\\\.");

    private static final Pattern ITEM = Pattern.compile("(?m)^[ \\t]*// *- ");
    private static final Pattern SLASHES = Pattern.compile("(?m)^[ \\t]*//+");
    private static final Pattern STARS = Pattern.compile("(?m)^[ \\t]*\\*+");

    private static final Pattern LAYOUT = Pattern.compile("(?s)<pre>.*?</pre>");
    private static final Pattern BLOCK_TAG = Pattern.compile("(?m)^[ \\t]*@(?:(?:param|throws) +\\S+|see.*|\\w+)");
    private static final Pattern INLINE_CODE =
            Pattern.compile("\\{@\\w+[^{}]*(?:\\{[^{}]*}[^{}]*)*}|(?s:<code>.*?</code>)");
    private static final Pattern BLOCK_ELEMENT =
            Pattern.compile("</?(?:p|li|ul|ol|t[dhr]|table|caption|d[ldt]|h\\d|br)\\b[^>]*>");
    private static final Pattern BLANK_LINE = Pattern.compile("\\n[ \\t]*(?=\\n)");
    private static final Pattern OTHER_TAG = Pattern.compile("</?[a-z]\\w*>");

    /** Names one after the other are a list and no sentence: they count as one name. */
    private static final Pattern NAMES = Pattern.compile(Prose.CODE + "(?:,\\s+" + Prose.CODE + "\\b)+");

    /** Ends a piece. */
    private static final String BREAK = "\0";

    private JavaText() {}

    /**
     * Paragraphs, list items, table cells and block tags of all comments. Code in the text is {@link Prose#CODE}, a
     * layout in {@code pre} nothing.
     */
    public static List<Piece> comments(String source) {
        List<Piece> pieces = new ArrayList<>();
        Matcher token = TOKEN.matcher(source);
        while (token.find()) {
            int line = lineOf(source, token.start());
            String lines = token.group("lines");
            String comment = token.group("comment");
            if (lines != null) {
                addPieces(pieces, replace(SLASHES, replace(ITEM, lines, BREAK), ""), line);
            } else if (comment != null) {
                addPieces(pieces, replace(STARS, comment, ""), line);
            }
        }
        return pieces;
    }

    private static void addPieces(List<Piece> pieces, String comment, int firstLine) {
        String text = replace(LAYOUT, comment, BREAK);
        text = replace(BLOCK_TAG, text, BREAK);
        text = replace(INLINE_CODE, text, Prose.CODE);
        text = replace(BLOCK_ELEMENT, text, BREAK);
        text = replace(BLANK_LINE, text, BREAK);
        text = replace(OTHER_TAG, text, "");
        text = replace(NAMES, text, Prose.CODE);
        int line = firstLine;
        for (String piece : text.split(BREAK, -1)) {
            String words = piece.stripLeading();
            if (!words.isEmpty()) {
                pieces.add(new Piece(line + newLines(piece) - newLines(words), words.stripTrailing()));
            }
            line += newLines(piece);
        }
    }

    /** All string literals, those joined by {@code +} as one. */
    public static List<Piece> literals(String source) {
        List<Piece> pieces = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int first = 0;
        int end = 0;
        Matcher token = TOKEN.matcher(source);
        while (token.find()) {
            String string = token.group("string");
            String literal = string != null ? string : token.group("block");
            if (literal == null) {
                continue;
            }
            String gap = source.substring(end, token.start());
            if (!text.isEmpty() && CONCATENATION.matcher(gap).matches()) {
                text.append("\n".repeat(newLines(gap)));
            } else {
                addLiteral(pieces, text, lineOf(source, first));
                first = token.start();
            }
            text.append(replace(ESCAPE, literal, " "));
            end = token.end();
        }
        addLiteral(pieces, text, lineOf(source, first));
        return pieces;
    }

    private static void addLiteral(List<Piece> pieces, StringBuilder text, int line) {
        if (!text.toString().isBlank()) {
            pieces.add(new Piece(line, text.toString()));
        }
        text.setLength(0);
    }

    /** The lines stay as many as they were. */
    private static String replace(Pattern pattern, String text, String by) {
        return pattern.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(by + "\n".repeat(newLines(found.group()))));
    }

    private static int lineOf(String source, int position) {
        return 1 + newLines(source.substring(0, position));
    }

    private static int newLines(String text) {
        return (int) text.chars().filter(character -> character == '\n').count();
    }
}
