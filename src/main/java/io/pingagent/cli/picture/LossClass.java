package io.pingagent.cli.picture;

/** How much was lost, and the colour for it, which has contrast on white and on black. From none to all. */
enum LossClass {
    NONE(0, "0 %", "#1a9641"),
    TO_5(0.05, "to 5 %", "#2b8cbe"),
    TO_10(0.10, "to 10 %", "#4a6fe3"),
    TO_20(0.20, "to 20 %", "#8856d7"),
    TO_50(0.50, "to 50 %", "#d01c8b"),
    MOST(1, "more", "#e66101"),
    ALL(1, "all lost", "#d7191c");

    private final double most;
    private final String text;
    private final String colour;

    LossClass(double most, String text, String colour) {
        this.most = most;
        this.text = text;
        this.colour = colour;
    }

    static LossClass of(int lost, int settled) {
        if (lost == settled) {
            return ALL;
        }
        for (LossClass each : values()) {
            if ((double) lost / settled <= each.most) {
                return each;
            }
        }
        return MOST;
    }

    String text() {
        return text;
    }

    String colour() {
        return colour;
    }

    /** Name of the style. */
    String style() {
        return "l" + ordinal();
    }
}
