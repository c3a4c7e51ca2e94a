package io.pingagent.app.demo;

import io.pingagent.model.TargetRow;
import java.util.List;

/** Where the demo shows itself. Called by one thread. */
public interface DemoView {

    /** One line of what was set up, before the first {@link #refresh}. */
    void say(String line);

    /**
     * Shows the state now; called about once a second.
     *
     * @param rows every sample target, in the order of their addresses
     */
    void refresh(List<TargetRow> rows);
}
