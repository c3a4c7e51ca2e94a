package io.pingagent.zabbix.api;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.pingagent.base.OwnedBy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The agent's own host: no interface, for everything comes by trapper, linked to our template, with the encryption of
 * the agent's configuration. A host of this name that is there gets what it lacks and loses nothing.
 */
@OwnedBy("caller")
public final class AgentHost {

    private static final int UNENCRYPTED = 1;

    private final ApiSession session;
    private final NamedObjects objects;

    public AgentHost(ApiSession session) {
        this.session = session;
        this.objects = new NamedObjects(session);
    }

    /**
     * Makes or completes the host.
     *
     * @param name technical name
     * @param templates that the host is linked to
     * @param isDryRun whether nothing is changed
     * @param lines gets one line for each thing done
     * @param warnings gets one line for each thing that was left alone and may be wrong
     */
    public void ensure(
            String name,
            List<String> templates,
            Encryption encryption,
            boolean isDryRun,
            List<String> lines,
            List<String> warnings)
            throws ApiException {
        JsonObject host = find(name);
        if (host == null) {
            lines.add((isDryRun ? "would make" : "made") + " host '" + name + "' in group '" + NamedObjects.AGENTS_GROUP
                    + "', linked to '" + String.join("', '", templates) + "'"
                    + (encryption.isPsk() ? ", with PSK identity '" + encryption.pskIdentity() + "'" : ""));
            if (!isDryRun) {
                create(name, templates, encryption);
            }
            return;
        }
        link(host, name, templates, isDryRun, lines);
        encrypt(host, name, encryption, isDryRun, lines, warnings);
        if (!JsonFields.text(host, "status").equals("0")) {
            warnings.add("host '" + name + "' is disabled in Zabbix, which takes no values then; enable it");
        }
    }

    private @Nullable JsonObject find(String name) throws ApiException {
        JsonObject parameters = JsonFields.with("filter", JsonFields.of("host", name));
        parameters.add("output", JsonFields.texts("hostid", "status", "tls_accept"));
        parameters.add("selectParentTemplates", JsonFields.texts("templateid", "host"));
        List<JsonObject> found = new ArrayList<>();
        session.each("host.get", parameters, found::add);
        return found.isEmpty() ? null : found.get(0);
    }

    private void create(String name, List<String> templates, Encryption encryption) throws ApiException {
        String groupId = objects.hostGroup(NamedObjects.AGENTS_GROUP);
        JsonObject host = JsonFields.of("host", name);
        host.add(
                "groups",
                JsonFields.listOf(JsonFields.of(
                        "groupid", groupId == null ? objects.createHostGroup(NamedObjects.AGENTS_GROUP) : groupId)));
        host.add("templates", objects.templates(templates));
        host.addProperty("tls_accept", encryption.acceptBit());
        addPsk(host, encryption);
        session.call("host.create", host);
    }

    private void link(JsonObject host, String name, List<String> templates, boolean isDryRun, List<String> lines)
            throws ApiException {
        List<String> missing = new ArrayList<>(templates);
        for (JsonElement element : JsonFields.list(host, "parentTemplates")) {
            missing.remove(JsonFields.text(JsonFields.object(element, "parentTemplates"), "host"));
        }
        if (missing.isEmpty()) {
            return;
        }
        lines.add((isDryRun ? "would link '" : "linked '") + String.join("', '", missing) + "' to host '" + name + "'");
        if (isDryRun) {
            return;
        }
        JsonObject parameters =
                JsonFields.with("hosts", JsonFields.listOf(JsonFields.of("hostid", JsonFields.text(host, "hostid"))));
        parameters.add("templates", objects.templates(missing));
        session.call("host.massadd", parameters);
    }

    /**
     * A host that asks for more than the agent offers is left alone: an agent must not weaken it. What it accepts
     * stays, for others may send it values too.
     */
    private void encrypt(
            JsonObject host,
            String name,
            Encryption encryption,
            boolean isDryRun,
            List<String> lines,
            List<String> warnings)
            throws ApiException {
        int accepts = JsonFields.number(host, "tls_accept");
        if ((accepts & encryption.acceptBit()) != 0) {
            if (accepts != encryption.acceptBit() && (accepts & UNENCRYPTED) != 0) {
                warnings.add(alsoUnencrypted(name, encryption));
            }
            return;
        }
        if (accepts != UNENCRYPTED) {
            warnings.add("host '" + name + "' does not take values with " + encryption.word()
                    + ", which zabbix.tls-connect says; allow it in Zabbix (Encryption), or change zabbix.tls-connect");
            return;
        }
        lines.add((isDryRun ? "would let" : "let") + " host '" + name + "' take values with " + encryption.word());
        warnings.add(alsoUnencrypted(name, encryption));
        if (!isDryRun) {
            JsonObject parameters = JsonFields.of("hostid", JsonFields.text(host, "hostid"));
            parameters.addProperty("tls_accept", accepts | encryption.acceptBit());
            addPsk(parameters, encryption);
            session.call("host.update", parameters);
        }
    }

    private static String alsoUnencrypted(String name, Encryption encryption) {
        return "host '" + name + "' also takes values without encryption; allow only " + encryption.word()
                + " in Zabbix (Encryption) if nothing else sends it values";
    }

    private static void addPsk(JsonObject host, Encryption encryption) {
        if (encryption.isPsk()) {
            host.addProperty("tls_psk_identity", encryption.pskIdentity());
            host.addProperty("tls_psk", encryption.psk());
        }
    }
}
