package io.pingagent.cli.shell;

import io.pingagent.app.Journal;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Where a command reads and writes, and what the other end can show. Tests put in their own streams.
 *
 * <p>Standard output is buffered: whoever wants a line seen at once calls {@link #flush()}.
 */
public final class Terminal {

    /** The first that is set counts (POSIX, Base Definitions 8.2). */
    private static final List<String> LOCALE_VARIABLES = List.of("LC_ALL", "LC_CTYPE", "LANG");

    private static final int DEFAULT_COLUMNS = 80;
    private static final int DEFAULT_LINES = 24;

    /** Ctrl-Z reaches whoever shares the terminal: a helper that it stops would be waited for in vain. */
    private static final String UNSTOPPABLE = "trap '' TSTP INT; ";

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, String> environment;
    private final boolean outIsTerminal;
    private final boolean errIsTerminal;
    private final boolean inIsTerminal;
    /** Goes in front of a complaint. */
    private String complaintPrefix = "ping-agent: ";

    /**
     * @param inIsTerminal whether a user would type what is read
     * @param outIsTerminal whether a user looks at standard output
     * @param errIsTerminal whether a user looks at standard error
     */
    public Terminal(
            InputStream in,
            PrintStream out,
            PrintStream err,
            Map<String, String> environment,
            boolean inIsTerminal,
            boolean outIsTerminal,
            boolean errIsTerminal) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.environment = environment;
        this.inIsTerminal = inIsTerminal;
        this.outIsTerminal = outIsTerminal;
        this.errIsTerminal = errIsTerminal;
    }

    public static Terminal ofProcess() {
        // 16 KiB keeps a status table of a million rows to few system calls.
        PrintStream out = new PrintStream(
                new BufferedOutputStream(new GuardedStream(new FileOutputStream(FileDescriptor.out)), 1 << 14),
                false,
                StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(
                new FileInputStream(FileDescriptor.in),
                out,
                err,
                ProcessInput.environment(),
                isTerminal(0),
                isTerminal(1),
                isTerminal(2));
        if (Journal.isStandardError()) {
            // The name stands in the journal already; what a command complains of is an error.
            terminal.complaintPrefix = "<3>";
        }
        return terminal;
    }

    /** By the name of the device, for {@link System#console} looks at input and output together. */
    private static boolean isTerminal(int fileDescriptor) {
        try {
            String device = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fileDescriptor))
                    .toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    InputStream in() {
        return in;
    }

    public PrintStream out() {
        return out;
    }

    public PrintStream err() {
        return err;
    }

    Map<String, String> environment() {
        return environment;
    }

    /** Whether a user would have to type what is read from standard input. */
    public boolean inIsTerminal() {
        return inIsTerminal;
    }

    String variable(String name) {
        return environment.getOrDefault(name, "");
    }

    /** Whether output goes to a terminal that understands control sequences. */
    public boolean interactive() {
        return outIsTerminal && !variable("TERM").equals("dumb");
    }

    /** The same of standard error. */
    boolean errInteractive() {
        return errIsTerminal && !variable("TERM").equals("dumb");
    }

    public boolean colours() {
        return interactive() && variable("NO_COLOR").isEmpty();
    }

    /** Whether the locale's characters are UTF-8, so that more than ASCII is shown. */
    public boolean utf8() {
        for (String name : LOCALE_VARIABLES) {
            String locale = variable(name);
            if (!locale.isEmpty()) {
                return locale.toUpperCase(Locale.ROOT).replace("-", "").contains("UTF8");
            }
        }
        return false;
    }

    public void flush() {
        out.flush();
    }

    /** Prints one line on standard output, whatever names are in it. */
    public void say(String line) {
        out.println(Ansi.harmless(line));
    }

    /** Prints one line on standard error, whatever names are in it, after whatever standard output still holds. */
    public void complain(String message) {
        flush();
        complainAtOnce(message);
    }

    /** The same, leaving standard output alone. */
    public void complainAtOnce(String message) {
        err.println(complaintPrefix + Ansi.harmless(message));
    }

    /** Width a table may take: unlimited when nobody looks at it. */
    public int columns() {
        return interactive() ? size()[1] : Integer.MAX_VALUE;
    }

    /**
     * Lines and columns, asked each time since windows get resized: the terminal itself, else {@code LINES} and
     * {@code COLUMNS}, else 24 by 80.
     */
    public int[] size() {
        int columns = positive(variable("COLUMNS"), 0);
        int lines = positive(variable("LINES"), 0);
        if ((columns == 0 || lines == 0) && interactive()) {
            String answer = stty(List.of("size"));
            int space = answer.indexOf(' ');
            if (space > 0) {
                lines = lines > 0 ? lines : positive(answer.substring(0, space), 0);
                columns = columns > 0 ? columns : positive(answer.substring(space + 1), 0);
            }
        }
        return new int[] {lines > 0 ? lines : DEFAULT_LINES, columns > 0 ? columns : DEFAULT_COLUMNS};
    }

    /** Stops this process as Ctrl-Z does, until it is continued. A handler of ours has taken the signal's own effect. */
    void stopProcess() {
        answerOf(List.of("sh", "-c", UNSTOPPABLE + "kill -STOP $PPID"));
    }

    /** Runs {@code stty} on the terminal; its answer, or an empty string where that does not work. */
    String stty(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", UNSTOPPABLE + "exec stty \"$@\"", "stty"));
        command.addAll(arguments);
        return answerOf(command);
    }

    private static String answerOf(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectInput(new File("/dev/tty")).redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            Process process = builder.start();
            try (InputStream output = process.getInputStream()) {
                String answer = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
                boolean ended = process.waitFor(1, TimeUnit.SECONDS);
                return ended && process.exitValue() == 0 ? answer : "";
            }
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private static int positive(String text, int otherwise) {
        try {
            int value = Integer.parseInt(text.strip());
            return value > 0 ? value : otherwise;
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
