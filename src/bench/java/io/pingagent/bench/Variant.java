package io.pingagent.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is measured side by side.
 *
 * <p>A flood asks for more than the machine can do; the others have one job every 10 s.
 */
enum Variant {
    BARE("a", "bare loop, sendmmsg 64", Kind.BARE, 0, true),
    BARE_SINGLE("a1", "bare loop, sendto each", Kind.BARE, 0, true),
    ENGINE("b", "engine, flood", Kind.ENGINE, 0, true),
    STATE("c", "engine + Redis, flood", Kind.STATE, 0, true),
    FPING("e", "fping -c1 -i0", Kind.FPING, 0, true),
    FPING_LOOP("e1", "fping -l -p10000", Kind.FPING_LOOP, 0, true),
    ENGINE_50K_DEAD("b50kd", "engine, 50,000 at 10 s, 900 dead neighbours", Kind.ENGINE, 50_000, false),
    ENGINE_60K("b60k", "engine, 60,000 at 10 s", Kind.ENGINE, 60_000, false),
    STATE_60K("c60k", "engine + Redis, 60,000 at 10 s", Kind.STATE, 60_000, false),
    AGENT_60K("d60k", "agent, 60,000 at 10 s", Kind.AGENT, 60_000, false),
    STATE_500K("c500k", "engine + Redis, 500,000 at 10 s", Kind.STATE, 500_000, false),
    AGENT_500K("d500k", "agent, 500,000 at 10 s", Kind.AGENT, 500_000, false),
    STATE_1M("c1m", "engine + Redis, 1,000,000 at 10 s", Kind.STATE, 1_000_000, false),
    AGENT_1M("d1m", "agent, 1,000,000 at 10 s", Kind.AGENT, 1_000_000, false);

    enum Kind {
        BARE,
        ENGINE,
        STATE,
        AGENT,
        FPING,
        FPING_LOOP
    }

    private static final int LARGE = 500_000;

    private final String code;
    private final String title;
    private final Kind kind;
    private final int addresses;
    private final boolean flood;

    Variant(String code, String title, Kind kind, int addresses, boolean flood) {
        this.code = code;
        this.title = title;
        this.kind = kind;
        this.addresses = addresses;
        this.flood = flood;
    }

    String code() {
        return code;
    }

    String title() {
        return title;
    }

    Kind kind() {
        return kind;
    }

    boolean flood() {
        return flood;
    }

    /** @param ofFloods how many the floods and fping have */
    int addresses(int ofFloods) {
        return addresses == 0 ? ofFloods : addresses;
    }

    /** Addresses of a directly attached network that nobody has, probed every second beside the others. */
    int deadNeighbours() {
        return this == ENGINE_50K_DEAD ? 900 : 0;
    }

    /** So large that it is not repeated. */
    boolean once() {
        return addresses >= LARGE;
    }

    /** @throws IllegalArgumentException for an unknown code */
    static List<Variant> parse(List<String> codes) {
        List<Variant> variants = new ArrayList<>();
        for (String code : codes) {
            variants.add(Arrays.stream(values())
                    .filter(variant -> variant.code.equals(code))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("'" + code + "' is no variant")));
        }
        return variants;
    }
}
