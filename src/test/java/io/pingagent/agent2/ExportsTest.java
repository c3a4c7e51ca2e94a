package io.pingagent.agent2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ExportsTest {

    @TempDir
    private Path directory;

    /** The item is not supported for once, instead of waiting for its timeout. */
    @Test
    void aRequestForWhichThereIsNoThreadIsAnErrorText() throws Exception {
        Path path = directory.resolve("agent2");
        try (ServerSocketChannel server =
                        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
                SocketChannel ofPlugin = SocketChannel.open(UnixDomainSocketAddress.of(path));
                ScriptedAgent agent = new ScriptedAgent(server.accept())) {
            Executor none = task -> {
                throw new OutOfMemoryError("unable to create native thread");
            };
            Exports exports = new Exports(new FrameChannel(ofPlugin), directory, none, none);
            for (String key : new String[] {"ping.get", "ping.probe"}) {
                String json = "{\"id\":7,\"type\":6,\"key\":\"" + key + "\",\"parameters\":[\"x\"],\"timeout\":3}";
                exports.submit(AgentMessage.parse(json.getBytes(StandardCharsets.UTF_8)));
                JsonObject answer = Objects.requireNonNull(agent.next());
                assertEquals(7, answer.get("id").getAsInt());
                String error = answer.get("error").getAsString();
                assertTrue(error.contains("unable to create native thread"), error);
            }
        }
    }
}
