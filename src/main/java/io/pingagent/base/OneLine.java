package io.pingagent.base;

/**
 * Makes a stranger's text fit for a message: one line, of bounded length. Nothing is left that paints a terminal or
 * forges a line of the log. Stateless, any thread.
 */
public final class OneLine {

    private OneLine() {}

    /** @param most characters kept, at least 1; what is cut off leaves an ellipsis */
    public static String of(String text, int most) {
        String start = text;
        if (text.length() > most) {
            boolean splitsPair = Character.isHighSurrogate(text.charAt(most - 1));
            start = text.substring(0, splitsPair ? most - 1 : most) + "…";
        }
        return harmless(start, '?');
    }

    /** The same text with another character for each that is not {@link #isHarmless}. */
    public static String harmless(String text, char substitute) {
        if (text.codePoints().allMatch(OneLine::isHarmless)) {
            return text;
        }
        return text.codePoints()
                .map(c -> isHarmless(c) ? c : substitute)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /**
     * Whether a character neither ends a line nor moves the cursor nor turns the order of those around it. Harmful are
     *
     * <ul>
     *   <li>control characters;
     *   <li>separators of lines and paragraphs;
     *   <li>bidirectional controls;
     *   <li>halves of a surrogate pair.
     * </ul>
     */
    public static boolean isHarmless(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                false;
            case Character.FORMAT -> !isBidirectionalControl(codePoint);
            default -> true;
        };
    }

    private static boolean isBidirectionalControl(int codePoint) {
        return codePoint == 0x061c
                || codePoint >= 0x200e && codePoint <= 0x200f
                || codePoint >= 0x202a && codePoint <= 0x202e
                || codePoint >= 0x2066 && codePoint <= 0x2069;
    }
}
