package io.pingagent.cli.picture;

import io.pingagent.cli.shell.Ansi;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Writes SVG: escapes every text, and closes what it opens. Not thread-safe. */
final class Svg {

    /** Where a text stands from its point. */
    enum Anchor {
        START("start"),
        MIDDLE("middle"),
        END("end");

        private final String word;

        Anchor(String word) {
            this.word = word;
        }
    }

    private static final int DECIMALS = 1;

    private final StringBuilder document = new StringBuilder();

    Svg(int width, int height, String title, String style) {
        document.append(
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"")
                .append(width)
                .append("\" height=\"")
                .append(height)
                .append("\" viewBox=\"0 0 ")
                .append(width)
                .append(' ')
                .append(height)
                .append("\" role=\"img\">\n<title>")
                .append(escaped(title))
                .append("</title>\n<style>\n")
                .append(style)
                .append("</style>\n");
    }

    static String number(double value) {
        BigDecimal rounded = BigDecimal.valueOf(value).setScale(DECIMALS, RoundingMode.HALF_UP);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    /** Without characters that XML does not allow, as no text of ours needs one. */
    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        Ansi.harmless(text).codePoints().forEach(character -> {
            switch (character) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default ->
                    escaped.appendCodePoint(
                            character >= 0xd800 && character <= 0xdfff || character == 0xfffe || character == 0xffff
                                    ? 0xfffd
                                    : character);
            }
        });
        return escaped.toString();
    }

    void rectangle(String style, double x, double y, double width, double height) {
        document.append("<rect class=\"")
                .append(style)
                .append("\" x=\"")
                .append(number(x))
                .append("\" y=\"")
                .append(number(y))
                .append("\" width=\"")
                .append(number(width))
                .append("\" height=\"")
                .append(number(height))
                .append("\"/>\n");
    }

    /** @param path as SVG writes it; nothing is drawn if it is empty */
    void path(String style, CharSequence path) {
        if (!path.isEmpty()) {
            document.append("<path class=\"")
                    .append(style)
                    .append("\" d=\"")
                    .append(path)
                    .append("\"/>\n");
        }
    }

    void text(String style, double x, double y, Anchor anchor, String text) {
        document.append("<text class=\"")
                .append(style)
                .append("\" x=\"")
                .append(number(x))
                .append("\" y=\"")
                .append(number(y))
                .append("\" text-anchor=\"")
                .append(anchor.word)
                .append("\">")
                .append(escaped(text))
                .append("</text>\n");
    }

    String finish() {
        return document.append("</svg>\n").toString();
    }
}
