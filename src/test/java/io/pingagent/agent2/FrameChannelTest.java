package io.pingagent.agent2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FrameChannelTest {

    /** Fails every other time for want of memory, and gives few bytes else. */
    private static final class PoorChannel implements ReadableByteChannel {

        private final ByteBuffer bytes;
        private final boolean fails;
        private int calls;

        PoorChannel(byte[] bytes, boolean fails) {
            this.bytes = ByteBuffer.wrap(bytes);
            this.fails = fails;
        }

        @Override
        public int read(ByteBuffer target) {
            calls++;
            if (fails && calls % 2 == 0) {
                throw new OutOfMemoryError("Cannot reserve 8192 bytes of direct buffer memory");
            }
            if (!bytes.hasRemaining()) {
                return -1;
            }
            int part = Math.min(7, Math.min(bytes.remaining(), target.remaining()));
            target.put(bytes.slice().limit(part));
            bytes.position(bytes.position() + part);
            return part;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    /** An end of the plugin would be the end of the agent. */
    @Test
    void wantOfMemoryWhileReadingLosesNoFrameAndEndsNothing() throws Exception {
        byte[] frames = ScriptedAgent.joined(
                ScriptedAgent.frame(FrameChannel.JSON, "{\"id\":11,\"type\":2,\"version\":\"6.4.0\"}"),
                ScriptedAgent.frame(0, "passed over"),
                ScriptedAgent.frame(FrameChannel.JSON, "{\"id\":12,\"type\":9}"),
                ScriptedAgent.frame(FrameChannel.JSON, "{\"id\":13,\"type\":5}"));
        List<Integer> answered = new ArrayList<>();
        Pipe answers = Pipe.open();
        try (Pipe.SourceChannel source = answers.source()) {
            try (Pipe.SinkChannel sink = answers.sink()) {
                new Agent2Plugin(new FrameChannel(new PoorChannel(frames, true), sink), Path.of("nowhere")).run();
            }
            FrameChannel channel = new FrameChannel(source, answers.sink());
            for (byte[] payload = channel.read(); payload != null; payload = channel.read()) {
                int id = JsonParser.parseString(new String(payload, StandardCharsets.UTF_8))
                        .getAsJsonObject()
                        .get("id")
                        .getAsInt();
                if (id > 0) {
                    answered.add(id);
                }
            }
        }
        assertEquals(List.of(11, 12), answered);
    }

    @Test
    void framesArePassedOverWhole() throws IOException {
        List<String> seen = new ArrayList<>();
        byte[] frames = ScriptedAgent.joined(
                ScriptedAgent.frame(2, "x".repeat(100)),
                ScriptedAgent.frame(FrameChannel.JSON, ""),
                ScriptedAgent.frame(FrameChannel.JSON, "{}"));
        FrameChannel channel =
                new FrameChannel(new PoorChannel(frames, false), Pipe.open().sink());
        for (byte[] payload = channel.read(); payload != null; payload = channel.read()) {
            seen.add(new String(payload, StandardCharsets.UTF_8));
        }
        assertEquals(List.of("", "", "{}"), seen);
    }
}
