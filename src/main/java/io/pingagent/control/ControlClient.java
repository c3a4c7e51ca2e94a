package io.pingagent.control;

import io.pingagent.base.AnyThread;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** Asks a running agent at its control socket, with a connection for each question. Stateless. */
@AnyThread
public final class ControlClient {

    private ControlClient() {}

    /** Asks, whatever the length of the answer. */
    public static ControlAnswer ask(Path socket, ControlRequest request) throws ControlException {
        return ask(socket, request, length -> {});
    }

    /**
     * Asks and waits for the answer, as long as the request says.
     *
     * @param expected gets how many bytes the answer has, before they are read; may wait
     * @throws ControlException if nobody answers in time
     */
    public static ControlAnswer ask(Path socket, ControlRequest request, IntConsumer expected) throws ControlException {
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(request.timeoutMillis());
        byte[] line = request.encoded();
        if (line.length > ControlProtocol.MOST_REQUEST_BYTES) {
            throw new ControlException("the parameters have more than " + ControlProtocol.MOST_REQUEST_BYTES
                    + " bytes together; shorten them");
        }
        try (DeadlineChannel channel = DeadlineChannel.connect(socket, deadlineNanos)) {
            channel.write(ByteBuffer.wrap(line));
            ControlProtocol.Header header =
                    ControlProtocol.Header.parse(channel.line(ControlProtocol.MOST_HEADER_BYTES));
            if (header == null) {
                throw new ControlException(socket + " is not the control socket of a ping-agent; correct the path");
            }
            expected.accept(header.bytes());
            byte[] text = new byte[header.bytes()];
            channel.read(text);
            return new ControlAnswer(header.isError(), text);
        } catch (SocketTimeoutException e) {
            throw new ControlException(
                    "ping-agent at " + socket + " did not answer within " + request.timeoutMillis()
                            + " ms; see its log, or raise the timeout of the item",
                    e);
        } catch (EOFException e) {
            throw new ControlException("ping-agent at " + socket + " stopped before it had answered; see its log", e);
        } catch (IOException | IllegalArgumentException e) {
            throw new ControlException(unreachable(socket, e), e);
        }
    }

    private static String unreachable(Path socket, Exception cause) {
        if (!Files.exists(socket)) {
            return "no ping-agent runs here with the control socket " + socket
                    + "; start it, or set Plugins.Ping.Socket to the path that its agent.socket names";
        }
        return "ping-agent at " + socket + " cannot be asked: " + cause.getMessage()
                + "; start it, and see its log for agent.socket";
    }
}
