package io.pingagent.templates;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the README of a version's templates of {@code src/templates/README.md}: what is of other versions is left out, and the
 * tables of each template are those of its YAML.
 */
final class TemplateReadme {

    static final Path SOURCE = Path.of("src/templates/README.md");

    private static final Pattern CONDITION =
            Pattern.compile("<!-- if ([0-9. ]+) -->(\\n?)(.*?)<!-- end if -->(\\n?)", Pattern.DOTALL);
    private static final Pattern TABLES = Pattern.compile("<!-- tables of (.*) -->\\n");

    private TemplateReadme() {}

    static Path path(String version) {
        return TemplateFile.DIRECTORY.resolve(version).resolve("README.md");
    }

    static String text(String version) throws IOException {
        String text = replaced(
                Files.readString(SOURCE),
                CONDITION,
                block -> Arrays.asList(block.group(1).split(" ", -1)).contains(version) ? block.group(3) : "");
        text = text.replace("${version}", version)
                .replace("${menu}", version.equals("6.0") ? "Configuration" : "Data collection");
        return replaced(text, TABLES, mark -> tables(version, mark.group(1)));
    }

    private static String tables(String version, String templateName) {
        return TemplateFile.ofVersion(version)
                .map(TemplateFile::read)
                .flatMap(file -> file.templates().stream()
                        .filter(template -> TemplateFile.text(template, "name").equals(templateName))
                        .map(template -> tables(file, template)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(SOURCE + ": no template '" + templateName + "'"));
    }

    private static String tables(TemplateFile file, Map<String, Object> template) {
        return new TemplateTables(file, template).markdown();
    }

    private static String replaced(String text, Pattern pattern, Function<Matcher, String> replacement) {
        Matcher matcher = pattern.matcher(text);
        StringBuilder out = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(out, Matcher.quoteReplacement(replacement.apply(matcher)));
        }
        return matcher.appendTail(out).toString();
    }
}
