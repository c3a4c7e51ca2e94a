package io.pingagent.control;

/** Port: whoever answers what is asked at a {@link ControlServer}. Called on several threads at once. */
public interface ControlHandler {

    /**
     * The value, at most {@link ControlProtocol#MOST_ANSWER_BYTES} in UTF-8.
     *
     * @throws ControlException if there is none
     */
    String answer(ControlRequest request) throws ControlException;
}
