package io.pingagent.templates;

import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.RepresentToNode;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.representer.StandardRepresenter;

/** Writes a template file the way Zabbix exports one: every value a text, one a line. */
final class TemplateYaml {

    private static final DumpSettings SETTINGS = DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setIndent(2)
            .setIndicatorIndent(2)
            .setIndentWithIndicator(true)
            .setWidth(1_000_000)
            .setSplitLines(false)
            .build();

    /** Texts that a reader of YAML 1.1 would take for something else. */
    private static final Set<String> WORDS = Set.of("yes", "no", "on", "off", "true", "false", "null", "y", "n", "~");

    private TemplateYaml() {}

    static String write(Map<String, Object> export) {
        return new Dump(SETTINGS, new Texts()).dumpToString(Map.of("zabbix_export", export));
    }

    private static final class Texts extends StandardRepresenter {

        Texts() {
            super(SETTINGS);
            RepresentToNode plain = representers.get(String.class);
            representers.put(String.class, data -> {
                String text = (String) data;
                // Names of settings, 'y' among them, stay plain: Zabbix reads them as texts.
                return WORDS.contains(text.toLowerCase(java.util.Locale.ROOT)) && text.length() > 1
                        ? representScalar(Tag.STR, text, ScalarStyle.SINGLE_QUOTED)
                        : plain.representData(data);
            });
        }
    }
}
