package io.pingagent.redis.admin;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.pingagent.base.OneLine;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Reads {@code agent-all-ip-status_$agent} address by address, however long it is. */
public final class StatusReader {

    private static final int MOST_REASON_CHARACTERS = 200;

    /** Hears of each address. */
    public interface Sink {

        /**
         * @param sent probes settled in the last 60 s
         * @param received replies among them
         */
        void address(String ip, int sent, int received, boolean inErrList);
    }

    private StatusReader() {}

    /**
     * @param key the Redis key it came from, for the message
     * @throws AdminRefusedException (wrong content) if it is not what an agent writes
     */
    public static void read(InputStream json, String key, Sink sink) {
        try (JsonReader in = new JsonReader(new InputStreamReader(json, StandardCharsets.UTF_8))) {
            in.beginObject();
            while (in.hasNext()) {
                readAddress(in, in.nextName(), sink);
            }
            in.endObject();
        } catch (MalformedJsonException | EOFException | IllegalStateException | NumberFormatException e) {
            throw new AdminRefusedException(
                    AdminRefusedException.Reason.WRONG_CONTENT,
                    "Redis key '" + key + "' is not what an agent writes (" + firstLine(e)
                            + "); remove it with DEL, the agent writes it again",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void readAddress(JsonReader in, String ip, Sink sink) throws IOException {
        int sent = 0;
        int received = 0;
        boolean inErrList = false;
        in.beginObject();
        while (in.hasNext()) {
            switch (in.nextName()) {
                case "SendCount" -> sent = in.nextInt();
                case "ReturnCount" -> received = in.nextInt();
                case "InErrList" -> inErrList = in.peek() == JsonToken.BOOLEAN ? in.nextBoolean() : skip(in);
                default -> skip(in);
            }
        }
        in.endObject();
        sink.address(ip, sent, received, inErrList);
    }

    private static boolean skip(JsonReader in) throws IOException {
        in.skipValue();
        return false;
    }

    private static String firstLine(Exception e) {
        String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason");
        return OneLine.of(line, MOST_REASON_CHARACTERS);
    }
}
