package io.pingagent.model;

import io.pingagent.base.OneLine;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Locale;

/** Reads time zones as users write them. Stateless, any thread. */
public final class TimeZones {

    private static final int MAX_SHOWN = 40;

    private TimeZones() {}

    /**
     * The zone of an IANA name such as {@code Europe/Berlin}, of {@code UTC}, or of a fixed offset such as {@code +02:00}.
     *
     * @throws IllegalArgumentException if there is none of this name; the message quotes it and names the likely one
     */
    public static ZoneId of(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "'" + OneLine.of(name, MAX_SHOWN) + "' is no time zone" + likely(name), e);
        }
    }

    private static String likely(String name) {
        String wanted = name.toLowerCase(Locale.ROOT).replace(' ', '_');
        for (String known : ZoneId.getAvailableZoneIds()) {
            String lower = known.toLowerCase(Locale.ROOT);
            if (lower.equals(wanted) || lower.endsWith("/" + wanted) && !known.startsWith("posix")) {
                return "; is " + known + " meant?";
            }
        }
        return "";
    }
}
