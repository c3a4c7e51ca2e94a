package io.pingagent.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * English text as sentences, and what plain English forbids in one. Knows neither Markdown nor Java: the caller replaces code,
 * links and tags by words ({@link #CODE}) first. Stateless.
 */
public final class Prose {

    public static final int MAX_WORDS = 25;

    /** Stands for a piece of code in a sentence: one word, however long the code is. */
    public static final String CODE = "Code";

    /** A full stop, closing marks, space, and then something that can begin a sentence. */
    private static final Pattern END =
            Pattern.compile("(?<!\\b(?:e\\.g|i\\.e|vs|etc))[.!?][)\"'*_]*\\s+(?=[(\"'*_]*[\\p{Lu}\\d])");

    private static final Pattern WORD = Pattern.compile("\\S*[\\p{L}\\p{N}]\\S*");

    /** Words that are not the field's, each with the one to use. A pattern matches whole words in any case. */
    private static final List<Retired> RETIRED = Stream.of(
                    new Retired("told|tells?|telling", "says, shows, reports"),
                    new Retired("mend|mends|mended|mending", "fix"),
                    new Retired("anew", "again"),
                    new Retired("farewell", "clean stop"),
                    new Retired("all the same", "nevertheless, or leave it out"),
                    new Retired("worth ?while|worthwhile", "useful"),
                    new Retired("(?:go|goes|going|gone|went) on(?! the)", "continues"),
                    new Retired("foretold", "predicted"),
                    new Retired("hold-?ups?", "pause"),
                    new Retired("put(?:s|ting)? off", "deferred"),
                    new Retired("(?:stand|stands|standing|stood) still|standstills?", "stalls"),
                    new Retired("an? person", "a user"),
                    new Retired("(?:is|are|was|were) away", "unreachable"),
                    new Retired("cadences?", "interval"),
                    new Retired("excuse[sd]?", "invalidated"))
            .toList();

    private Prose() {}

    private record Retired(Pattern word, String instead) {

        Retired(String words, String instead) {
            this(Pattern.compile("\\b(?:" + words.replace(" ", "\\s+") + ")\\b", Pattern.CASE_INSENSITIVE), instead);
        }
    }

    /** One sentence; {@code line} is that of its first word. */
    public record Sentence(int line, String text) {

        public int words() {
            return (int) WORD.matcher(text).results().count();
        }
    }

    /** {@code firstLine} is the number of the text's first line. */
    public static List<Sentence> sentences(String text, int firstLine) {
        List<Sentence> sentences = new ArrayList<>();
        Matcher end = END.matcher(text);
        int start = 0;
        while (end.find()) {
            sentences.add(sentence(text, start, end.end(), firstLine));
            start = end.end();
        }
        if (!text.substring(start).isBlank()) {
            sentences.add(sentence(text, start, text.length(), firstLine));
        }
        return sentences;
    }

    private static Sentence sentence(String text, int start, int end, int firstLine) {
        int newLines = (int) text.substring(0, start)
                .chars()
                .filter(character -> character == '\n')
                .count();
        return new Sentence(
                firstLine + newLines, text.substring(start, end).strip().replaceAll("\\s+", " "));
    }

    /** What is wrong with the sentences of a text, each with {@code where} and its line; empty if it is plain. */
    public static List<String> faults(String where, String text, int firstLine) {
        List<String> faults = new ArrayList<>();
        for (Sentence sentence : sentences(text, firstLine)) {
            if (sentence.words() > MAX_WORDS) {
                faults.add(where + ":" + sentence.line() + ": " + sentence.words() + " words, at most " + MAX_WORDS
                        + ": " + sentence.text());
            }
            addRetiredWords(faults, where, sentence);
        }
        return faults;
    }

    /** As {@link #faults}, but of any length, for texts that are not whole sentences. */
    public static List<String> retiredWords(String where, String text, int firstLine) {
        List<String> faults = new ArrayList<>();
        for (Sentence sentence : sentences(text, firstLine)) {
            addRetiredWords(faults, where, sentence);
        }
        return faults;
    }

    private static void addRetiredWords(List<String> faults, String where, Sentence sentence) {
        for (Retired retired : RETIRED) {
            Matcher found = retired.word().matcher(sentence.text());
            if (found.find()) {
                faults.add(where + ":" + sentence.line() + ": '" + found.group() + "', better: " + retired.instead()
                        + ": " + sentence.text());
            }
        }
    }
}
