package io.pingagent.jobs;

import io.pingagent.base.OneLine;
import io.pingagent.base.OwnedBy;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads cron specs whose text names no time zone of its own in one zone. Each text is read once: thousands of jobs
 * share a few specs, and equal ones are then the same object.
 */
@OwnedBy("caller")
public final class CronSpecs {

    /** Users who write more different ones pay for reading them again. */
    private static final int MAX_KNOWN = 10_000;

    private static final int MAX_CHARACTERS = 200;
    private static final int MAX_SHOWN = 100;

    private final ZoneId zone;
    private final Map<String, CronSpec> known = new HashMap<>();

    /** @param zone in which fields are meant unless the spec says otherwise */
    public CronSpecs(ZoneId zone) {
        this.zone = zone;
    }

    /** @throws IllegalArgumentException if the text is no spec, or one that never fires; the message quotes it */
    public CronSpec get(String text) {
        try {
            return read(text);
        } catch (InvalidSpecException e) {
            throw new IllegalArgumentException("'" + OneLine.of(text, MAX_SHOWN) + "' " + e.what(), e);
        }
    }

    CronSpec read(String text) throws InvalidSpecException {
        CronSpec spec = known.get(text);
        if (spec == null) {
            spec = CronSpec.read(text, zone);
            if (known.size() == MAX_KNOWN) {
                known.clear();
            }
            if (text.length() <= MAX_CHARACTERS) {
                known.put(text, spec);
            }
        }
        return spec;
    }
}
