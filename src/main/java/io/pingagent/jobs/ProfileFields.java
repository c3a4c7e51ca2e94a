package io.pingagent.jobs;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.model.NeverAnswers;
import io.pingagent.model.ProbeProfile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The fields of a definition that say how its probes are sent. One instance for one definition. */
final class ProfileFields {

    /** As {@code probe.interface} takes it. */
    private static final Pattern INTERFACE = Pattern.compile("[^\\s/\\p{Cntrl}]{1,15}");

    private static final String SOURCE_EXAMPLE = "\"192.0.2.1\" or [\"192.0.2.1\",\"2001:db8::1\"]";

    private final FieldReader fields;
    private @Nullable Integer dscp;
    private @Nullable Integer size;
    private @Nullable Integer ttl;
    private @Nullable IpAddress sourceV4;
    private @Nullable IpAddress sourceV6;
    private @Nullable String interfaceName;
    private @Nullable Boolean dontFragment;

    ProfileFields(FieldReader fields) {
        this.fields = fields;
    }

    ProbeProfile profile() {
        return new ProbeProfile(dscp, size, ttl, sourceV4, sourceV6, interfaceName, dontFragment);
    }

    void readDscp(JsonReader reader, String where) throws IOException {
        dscp = fields.readInteger(reader, where, 0, ProbeProfile.MOST_DSCP, "(46 is EF)");
    }

    void readSize(JsonReader reader, String where) throws IOException {
        size = fields.readInteger(reader, where, ProbeProfile.LEAST_SIZE, ProbeProfile.MOST_SIZE, "bytes");
    }

    void readTtl(JsonReader reader, String where) throws IOException {
        ttl = fields.readInteger(reader, where, 1, ProbeProfile.MOST_TTL, "hops");
    }

    void readInterface(JsonReader reader, String where) throws IOException {
        String text = fields.readText(reader, where, "\"eth1\"");
        if (text == null) {
            return;
        }
        if (!INTERFACE.matcher(text).matches()
                || text.getBytes(StandardCharsets.UTF_8).length > ProbeProfile.MOST_INTERFACE_BYTES) {
            fields.error(
                    where,
                    "'" + FieldReader.shorten(text) + "' is not allowed",
                    "write an interface name of 1 to 15 characters");
        } else {
            interfaceName = text;
        }
    }

    void readDontFragment(JsonReader reader, String where) throws IOException {
        if (reader.peek() == JsonToken.BOOLEAN) {
            dontFragment = reader.nextBoolean();
        } else {
            fields.error(
                    where,
                    "it is " + FieldReader.describe(reader) + ", not true or false",
                    "write true or false, without quotes");
            reader.skipValue();
        }
    }

    void readSource(JsonReader reader, String where) throws IOException {
        if (reader.peek() != JsonToken.BEGIN_ARRAY) {
            addSource(reader, where);
            return;
        }
        reader.beginArray();
        if (!reader.hasNext()) {
            fields.error(where, "it names no address", "write for example " + SOURCE_EXAMPLE + ", or leave it out");
        }
        while (reader.hasNext()) {
            addSource(reader, where);
        }
        reader.endArray();
    }

    private void addSource(JsonReader reader, String where) throws IOException {
        String text = fields.readText(reader, where, SOURCE_EXAMPLE);
        if (text == null) {
            return;
        }
        IpAddress address;
        try {
            address = Addresses.parse(text);
        } catch (IllegalArgumentException e) {
            fields.error(
                    where, "'" + FieldReader.shorten(text) + "' is no address", "write for example " + SOURCE_EXAMPLE);
            return;
        }
        String why = NeverAnswers.why(address);
        if (!why.isEmpty()) {
            fields.error(where, "'" + text + "' can never be a source: " + why, NeverAnswers.sourceRemedy(address));
        } else if ((address.isV6() ? sourceV6 : sourceV4) != null) {
            fields.error(
                    where,
                    "it has more than one " + (address.isV6() ? "IPv6" : "IPv4") + " address",
                    "write one IPv4 and one IPv6 address at most");
        } else if (address.isV6()) {
            sourceV6 = address;
        } else {
            sourceV4 = address;
        }
    }
}
