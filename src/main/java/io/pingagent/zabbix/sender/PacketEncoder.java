package io.pingagent.zabbix.sender;

import com.google.gson.stream.JsonWriter;
import io.github.hengyunabc.zabbix.sender.DataObject;
import io.github.hengyunabc.zabbix.sender.SenderRequest;
import io.pingagent.model.ZabbixValue;
import io.pingagent.zabbix.transport.Frame;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Values to the bytes of a {@code sender data} request.
 *
 * <p>The library zabbix-sender was chosen by the project's user. Of it we use {@link SenderRequest} and
 * {@link DataObject}, which make the JSON of a packet of values. Its header is cut off, and its client is not used:
 *
 * <ul>
 *   <li>it has no nanoseconds, no compression and no encryption,
 *   <li>it cannot split, redirect or fail over,
 *   <li>its JSON library, fastjson, refuses long texts.
 * </ul>
 *
 * <p>So long texts and lists are written in pieces with gson.
 */
public final class PacketEncoder {

    /** What {@link SenderRequest#toBytes} puts before its JSON: an own header, replaced by ours. */
    private static final int LIBRARY_HEADER_BYTES = 13;

    /** Longest text for zabbix-sender's JSON library, which refuses from some 11 million characters on. */
    private static final int MAX_LIBRARY_CHARACTERS = 1_000_000;

    private PacketEncoder() {}

    /** zabbix-sender's value has no nanoseconds: without them the server would number the values of a packet. */
    public static final class StampedObject extends DataObject {

        private final int ns;

        StampedObject(ZabbixValue value) {
            super(value.clockSeconds(), value.host(), value.key(), value.value());
            this.ns = value.nanos();
        }

        /** Nanoseconds, by the name that the protocol has for them. */
        public int getNs() {
            return ns;
        }
    }

    /**
     * A list ready to be sent.
     *
     * @param frame the whole request, always compressed
     * @param digest SHA-256 of the list, which is the same for the same list
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record ListPacket(byte[] frame, byte[] digest) {}

    /**
     * @param wallNanos Unix nanoseconds of the sending
     * @param compress whether zlib may be used
     */
    public static byte[] encode(List<ZabbixValue> values, long wallNanos, boolean compress) {
        for (ZabbixValue value : values) {
            if (value.value().length() > MAX_LIBRARY_CHARACTERS) {
                return encodeLong(values, wallNanos);
            }
        }
        List<DataObject> data = new ArrayList<>(values.size());
        for (ZabbixValue value : values) {
            data.add(new StampedObject(value));
        }
        SenderRequest request = new SenderRequest();
        request.setClock(TimeUnit.NANOSECONDS.toSeconds(wallNanos));
        request.setData(data);
        byte[] bytes = request.toBytes();
        return Frame.encode(bytes, LIBRARY_HEADER_BYTES, bytes.length - LIBRARY_HEADER_BYTES, compress);
    }

    private static byte[] encodeLong(List<ZabbixValue> values, long wallNanos) {
        try (FrameOutput frame = new FrameOutput()) {
            Writer out = new OutputStreamWriter(frame, StandardCharsets.UTF_8);
            JsonWriter json = new JsonWriter(out);
            json.beginObject().name("request").value("sender data").name("data").beginArray();
            for (ZabbixValue value : values) {
                json.beginObject();
                head(json, value.host(), value.key(), value.clockSeconds(), value.nanos());
                json.name("value").value(value.value()).endObject();
            }
            json.endArray();
            json.name("clock").value(TimeUnit.NANOSECONDS.toSeconds(wallNanos)).endObject();
            json.flush();
            return frame.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void head(JsonWriter json, String host, String key, long clockSeconds, int nanos)
            throws IOException {
        json.name("host").value(host).name("key").value(key);
        json.name("clock").value(clockSeconds).name("ns").value(nanos);
    }

    /**
     * A request with one list, written once and never whole in memory.
     *
     * @param wallNanos Unix nanoseconds of the sending
     * @throws IOException if the list is longer than a server takes
     */
    public static ListPacket encodeList(String host, String key, ListDocument list, long wallNanos) throws IOException {
        return encodeList(host, key, list, wallNanos, FrameOutput.MAX_DATA_BYTES);
    }

    /** @param maxBytes of the request before zlib */
    public static ListPacket encodeList(String host, String key, ListDocument list, long wallNanos, long maxBytes)
            throws IOException {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(wallNanos);
        MessageDigest sha256 = sha256();
        try (FrameOutput frame = new FrameOutput(maxBytes)) {
            write(frame, requestHead(host, key, seconds, (int) (wallNanos - TimeUnit.SECONDS.toNanos(seconds))));
            try (EscapingWriter value = new EscapingWriter(
                    new OutputStreamWriter(new DigestOutputStream(frame, sha256), StandardCharsets.UTF_8))) {
                list.writeTo(value);
            }
            write(frame, "\"}],\"clock\":" + seconds + '}');
            return new ListPacket(frame.finish(), sha256.digest());
        }
    }

    /** All that comes before the text of the one value. */
    private static String requestHead(String host, String key, long seconds, int nanos) throws IOException {
        StringWriter text = new StringWriter();
        JsonWriter json = new JsonWriter(text);
        json.beginObject().name("request").value("sender data").name("data").beginArray();
        json.beginObject();
        head(json, host, key, seconds, nanos);
        json.flush();
        return text.append(",\"value\":\"").toString();
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
