package io.pingagent.pages;

/** Builds a page in the language of {@code man(7)}. */
final class Roff {

    private final StringBuilder page = new StringBuilder(".\\\" Made by the build of ping-agent; do not edit.\n");

    Roff title(String name, String section, ManualPage.Heading heading) {
        return line(".TH \"" + literal(name) + "\" " + section + " " + heading.date() + " \"" + heading.source()
                + "\" \"ping\\-agent\"");
    }

    Roff section(String name) {
        return line(".SH \"" + literal(name) + "\"");
    }

    Roff paragraph(String text) {
        return line(".PP").line(text(text));
    }

    /**
     * An entry of a list.
     *
     * @param term in the page's language
     * @param description plain text
     */
    Roff term(String term, String description) {
        return line(".TP").line(term).line(text(description));
    }

    /** @param line in the page's language */
    Roff line(String line) {
        page.append(line).append('\n');
        return this;
    }

    /** Escapes running text, whose hyphens may become typographic ones except in options. */
    static String text(String plain) {
        StringBuilder escaped = new StringBuilder(plain.length() + 16);
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            boolean startsOption = c == '-'
                    && (i == 0 || !Character.isLetterOrDigit(plain.charAt(i - 1)))
                    && i + 1 < plain.length()
                    && plain.charAt(i + 1) != ' ';
            escaped.append(startsOption ? "\\-" : special(c));
        }
        String line = escaped.toString();
        return line.startsWith(".") || line.startsWith("'") ? "\\&" + line : line;
    }

    /** Escapes what a user types as it stands. */
    static String literal(String plain) {
        StringBuilder escaped = new StringBuilder(plain.length() + 16);
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            escaped.append(c == '-' ? "\\-" : special(c));
        }
        return escaped.toString();
    }

    private static String special(char c) {
        return switch (c) {
            case '\\' -> "\\e";
            case '~' -> "\\(ti";
            case '^' -> "\\(ha";
            case '`' -> "\\(ga";
            case '\'' -> "\\(aq";
            case '"' -> "\\(dq";
            default -> String.valueOf(c);
        };
    }

    @Override
    public String toString() {
        return page.toString();
    }
}
