package io.pingagent.packaging;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.pingagent.testkit.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A list of libraries in the CycloneDX format. Maven makes none offline.
 *
 * @param document as it was read
 * @param components in the order of the file
 */
record BillOfMaterials(JsonObject document, List<Component> components) {

    /**
     * One library.
     *
     * @param optional whether the program also runs without
     */
    record Component(String group, String name, String version, boolean optional) {}

    static BillOfMaterials ofTheBuild() throws IOException {
        Path file = Path.of(System.getProperty("pingagent.dist", "target/ping-agent"), "ping-agent.cdx.json");
        Requires.require(
                "a bill of materials",
                () -> Files.exists(file),
                "build without Maven's option -o, which leaves it out");
        return read(file);
    }

    static BillOfMaterials read(Path file) throws IOException {
        JsonObject document = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        List<Component> components = new ArrayList<>();
        for (JsonElement element : document.getAsJsonArray("components")) {
            JsonObject each = element.getAsJsonObject();
            components.add(new Component(
                    each.get("group").getAsString(),
                    each.get("name").getAsString(),
                    each.get("version").getAsString(),
                    "optional".equals(each.get("scope").getAsString())));
        }
        return new BillOfMaterials(document, components);
    }
}
