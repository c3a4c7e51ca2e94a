package io.pingagent.control;

import java.util.function.BooleanSupplier;

/** Port: whoever answers what is asked at a {@link ControlServer}. Called on several threads at once. */
public interface ControlHandler {

    /**
     * The value, at most {@link ControlProtocol#MOST_ANSWER_BYTES} in UTF-8.
     *
     * @throws ControlException if there is none
     */
    String answer(ControlRequest request) throws ControlException;

    /**
     * The same for an answer that takes its time.
     *
     * @param isGone whether nobody waits for the answer any more; only on the calling thread
     * @throws ControlException if there is none
     */
    default String answer(ControlRequest request, BooleanSupplier isGone) throws ControlException {
        return answer(request);
    }
}
