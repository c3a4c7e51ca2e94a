package io.pingagent.pages;

import io.pingagent.cli.RootCommand;
import io.pingagent.cli.shell.Context;
import io.pingagent.cli.shell.Interrupt;
import io.pingagent.cli.shell.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import picocli.AutoComplete;
import picocli.CommandLine;

/**
 * Writes manual pages and completions from the commands' own descriptions. Run by the build, left out of the jar. The same
 * input gives the same bytes.
 */
public final class CommandPages {

    private static final String PROGRAM = "ping-agent";

    private final Path directory;
    private final ManualPage.Heading heading;

    private CommandPages(Path directory, ManualPage.Heading heading) {
        this.directory = directory;
        this.heading = heading;
    }

    /**
     * @param arguments directory to write to; version; ISO 8601 time of the build; the example configuration; then pairs of
     *     a file and the name under which it is written to the directory, compressed
     */
    public static void main(String[] arguments) throws IOException {
        String date = OffsetDateTime.parse(arguments[2]).toLocalDate().toString();
        CommandPages pages =
                new CommandPages(Path.of(arguments[0]), new ManualPage.Heading(date, "ping-agent " + arguments[1]));
        pages.writeManuals(Files.readAllLines(Path.of(arguments[3])));
        pages.writeCompletions();
        for (int i = 4; i + 1 < arguments.length; i += 2) {
            pages.write(arguments[i + 1], compressed(Files.readAllBytes(Path.of(arguments[i]))));
        }
    }

    /** All commands, with the whole depth of their subcommands. */
    public static CommandLine allCommands() {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
        Terminal terminal =
                new Terminal(InputStream.nullInputStream(), nowhere, nowhere, Map.of(), false, false, false);
        Context context = new Context(
                terminal,
                () -> {
                    throw new IllegalStateException("no command is run here");
                },
                new Interrupt(false));
        return RootCommand.commandLine(context);
    }

    private void writeManuals(List<String> exampleConfiguration) throws IOException {
        CommandLine root = allCommands();
        ManualPage page = new ManualPage(heading, root.getCommandSpec());
        writeManual(PROGRAM + ".1", page.text());
        for (Map.Entry<String, CommandLine> command : root.getSubcommands().entrySet()) {
            ManualPage own = new ManualPage(heading, command.getValue().getCommandSpec());
            writeManual(PROGRAM + "-" + command.getKey() + ".1", own.text());
        }
        writeManual(PROGRAM + ".yaml.5", ConfigurationPage.text(heading, exampleConfiguration));
    }

    private void writeManual(String name, String text) throws IOException {
        write("man/man" + name.charAt(name.length() - 1) + "/" + name + ".gz", compressed(bytes(text)));
    }

    private void writeCompletions() throws IOException {
        CommandLine root = allCommands();
        write("completion/bash", bytes(withoutShebang(AutoComplete.bash(PROGRAM, withFiles(root)))));
        write("completion/zsh", bytes(ZshCompletion.of(root.getCommandSpec())));
    }

    /** Picocli offers file names for the values of options of type {@link Path} only; ours are text, as - is no file. */
    private static CommandLine withFiles(CommandLine command) {
        CommandLine.Model.CommandSpec spec = command.getCommandSpec();
        for (CommandLine.Model.OptionSpec option : List.copyOf(spec.options())) {
            if (option.paramLabel().equals("FILE")) {
                spec.remove(option);
                spec.addOption(CommandLine.Model.OptionSpec.builder(option.names())
                        .paramLabel("FILE")
                        .type(Path.class)
                        .build());
            }
        }
        command.getSubcommands().values().forEach(CommandPages::withFiles);
        return command;
    }

    /** The file is read by a running shell. */
    private static String withoutShebang(String script) {
        return script.startsWith("#!") ? script.substring(script.indexOf('\n') + 1) : script;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void write(String name, byte[] content) throws IOException {
        Path file = directory.resolve(name);
        Path parent = file.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.write(file, content);
    }

    /** As {@code gzip -9n} does: without name and time, and with the mark for the best compression, which Debian wants. */
    static byte[] compressed(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 2, 3});
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try {
            deflater.setInput(content);
            deflater.finish();
            byte[] buffer = new byte[8192];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
        } finally {
            deflater.end();
        }
        CRC32 checksum = new CRC32();
        checksum.update(content);
        littleEndian(out, checksum.getValue());
        littleEndian(out, content.length);
        return out.toByteArray();
    }

    private static void littleEndian(ByteArrayOutputStream out, long value) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            out.write((int) (value >> shift));
        }
    }
}
