package io.pingagent.zabbix.api;

import io.pingagent.base.AnyThread;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Our templates for each version of Zabbix, as this program brings them along. Stateless. */
@AnyThread
public final class TemplateFiles {

    /** In the order of the import: the first makes the host group of the others. */
    static final List<String> NAMES =
            List.of("ping-agent.yaml", "ping-agent-hosts.yaml", "ping-agent-icmp.yaml", "ping-agent-agent2.yaml");

    /** Versions from which on a folder's files are used, latest first. */
    static final List<String> FOLDERS = List.of("7.4", "7.0", "6.0");

    private static final String RESOURCES = "/zabbix-templates/";

    private TemplateFiles() {}

    /** The folder of a version of Zabbix: the latest that is not newer. */
    static String folder(ApiVersion version) {
        for (String folder : FOLDERS) {
            ApiVersion from = ApiVersion.parse(folder);
            if (version.isAtLeast(from.major(), from.minor())) {
                return folder;
            }
        }
        return FOLDERS.get(FOLDERS.size() - 1);
    }

    /** The YAML text of a file. */
    static String text(String folder, String name) {
        String resource = RESOURCES + folder + "/" + name;
        try (InputStream in = TemplateFiles.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("this build lacks " + resource + "; install ping-agent again");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
