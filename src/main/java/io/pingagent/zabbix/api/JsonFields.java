package io.pingagent.zabbix.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.pingagent.base.OneLine;
import io.pingagent.zabbix.api.ApiException.Kind;
import java.util.Collection;

/** Reads and builds the API's JSON; what has another form than documented is an {@link ApiException}. Stateless. */
final class JsonFields {

    private JsonFields() {}

    static JsonObject object(JsonElement element, String where) throws ApiException {
        if (element instanceof JsonObject object) {
            return object;
        }
        throw unexpected(where, element);
    }

    static JsonArray array(JsonElement element, String where) throws ApiException {
        if (element instanceof JsonArray array) {
            return array;
        }
        throw unexpected(where, element);
    }

    /** A list within an object; the API writes an empty one where there is nothing. */
    static JsonArray list(JsonObject object, String name) throws ApiException {
        JsonElement element = object.get(name);
        return element == null || element.isJsonNull() ? new JsonArray() : array(element, name);
    }

    /** Numbers are texts in the API, but not everywhere. */
    static String text(JsonObject object, String name) throws ApiException {
        JsonElement element = object.get(name);
        if (element == null || !element.isJsonPrimitive()) {
            throw unexpected(name, object);
        }
        return element.getAsString();
    }

    static String textOr(JsonObject object, String name, String otherwise) {
        JsonElement element = object.get(name);
        return element != null && element.isJsonPrimitive() ? element.getAsString() : otherwise;
    }

    static int number(JsonObject object, String name) throws ApiException {
        return number(text(object, name), name);
    }

    static int number(String text, String where) throws ApiException {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new ApiException(
                    Kind.REFUSED,
                    "the Zabbix API writes '" + OneLine.of(text, 40) + "' where '" + where + "' has a number",
                    "see that zabbix.api-url is the address of a Zabbix frontend");
        }
    }

    private static ApiException unexpected(String where, JsonElement element) {
        return new ApiException(
                Kind.REFUSED,
                "the Zabbix API answers in an unknown form at '" + where + "': "
                        + OneLine.of(String.valueOf(element), 100),
                "see that zabbix.api-url is the address of a Zabbix frontend");
    }

    /** An object of names and texts in turn. */
    static JsonObject of(String... namesAndTexts) {
        JsonObject object = new JsonObject();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            object.addProperty(namesAndTexts[i], namesAndTexts[i + 1]);
        }
        return object;
    }

    static JsonArray texts(Collection<String> texts) {
        JsonArray array = new JsonArray();
        texts.forEach(array::add);
        return array;
    }

    static JsonArray texts(String... texts) {
        return texts(java.util.List.of(texts));
    }

    static JsonArray listOf(JsonElement... elements) {
        JsonArray array = new JsonArray();
        for (JsonElement element : elements) {
            array.add(element);
        }
        return array;
    }

    /** An object with one field. */
    static JsonObject with(String name, JsonElement value) {
        JsonObject object = new JsonObject();
        object.add(name, value);
        return object;
    }
}
