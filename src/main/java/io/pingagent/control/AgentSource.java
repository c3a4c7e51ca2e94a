package io.pingagent.control;

import io.pingagent.model.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Port: what is known of one agent. Used by one thread for one question. */
public interface AgentSource {

    String name();

    /** @throws ControlException if it cannot be read */
    AgentFigures figures() throws ControlException;

    /**
     * The addresses, by address.
     *
     * @param errListOnly whether only those on the err list are wanted
     * @param most null if there are more
     * @throws ControlException if they cannot be read
     */
    @Nullable
    List<AddressFigures> addresses(boolean errListOnly, int most) throws ControlException;

    /**
     * One address, perhaps without its group and job; null if the agent does not probe it.
     *
     * @throws ControlException if it cannot be read
     */
    @Nullable
    AddressFigures address(IpAddress address) throws ControlException;

    /**
     * The addresses as a discovery list.
     *
     * @param most null if there are more
     * @throws ControlException if they cannot be read
     */
    @Nullable
    String discovery(int most) throws ControlException;
}
