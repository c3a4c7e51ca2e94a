package io.pingagent.cli.shell;

import org.jspecify.annotations.Nullable;

/**
 * Makes keys of the bytes that a terminal sends. An arrow is a sequence that begins with escape (ECMA-48: CSI; VT100: SS3).
 * The escape key alone is the same byte with nothing behind it. Not thread-safe.
 */
final class KeyDecoder {

    private static final int CTRL_C = 3;
    private static final int CTRL_D = 4;
    private static final int CTRL_Z = 0x1a;
    private static final int ESC = 0x1b;
    private static final int FIRST_FINAL = 0x40;

    /** Where in a sequence it is. */
    private enum At {
        GROUND,
        AFTER_ESCAPE,
        IN_SEQUENCE
    }

    private At at = At.GROUND;

    /** The key that a byte completes, or null. */
    @Nullable
    Key accept(int code) {
        switch (at) {
            case AFTER_ESCAPE -> {
                if (code == ESC) {
                    return Key.ESCAPE;
                }
                // With another character it is a key held with Alt, which means nothing here.
                at = code == '[' || code == 'O' ? At.IN_SEQUENCE : At.GROUND;
                return null;
            }
            case IN_SEQUENCE -> {
                if (code < FIRST_FINAL) {
                    return null;
                }
                at = At.GROUND;
                return code == 'A' ? Key.UP : code == 'B' ? Key.DOWN : null;
            }
            default -> {
                return single(code);
            }
        }
    }

    private @Nullable Key single(int code) {
        return switch (code) {
            case 'k', 'K' -> Key.UP;
            case 'j', 'J' -> Key.DOWN;
            case 'q', 'Q' -> Key.QUIT;
            case '\r', '\n' -> Key.ENTER;
            case CTRL_C, CTRL_D -> Key.LEAVE;
            case CTRL_Z -> Key.SUSPEND;
            case ESC -> {
                at = At.AFTER_ESCAPE;
                yield null;
            }
            default -> null;
        };
    }

    /** Nothing came for a while: the key that this completes, or null. */
    @Nullable
    Key idle() {
        boolean isEscape = at == At.AFTER_ESCAPE;
        at = At.GROUND;
        return isEscape ? Key.ESCAPE : null;
    }
}
