package io.pingagent.model;

/**
 * Makes a stranger's text fit for a message: one line, of bounded length, without anything that paints a terminal or forges
 * a line of the log. Stateless, any thread.
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
        for (int i = 0; i < start.length(); i++) {
            if (Character.isISOControl(start.charAt(i))) {
                return start.codePoints()
                        .map(c -> Character.isISOControl(c) ? '?' : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
            }
        }
        return start;
    }
}
