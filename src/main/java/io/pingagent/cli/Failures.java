package io.pingagent.cli;

import io.pingagent.base.ExitStatus;
import io.pingagent.base.NotPermittedException;
import io.pingagent.base.PlatformTrouble;
import io.pingagent.base.ServiceUnreachableException;
import io.pingagent.base.UnknownNameException;
import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.cli.shell.GuardedStream;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.config.ConfigDeniedException;
import io.pingagent.config.ConfigException;
import io.pingagent.model.NearWord;
import io.pingagent.model.Problem;
import io.pingagent.redis.RedisUnreachableException;
import io.pingagent.redis.admin.AdminRefusedException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;

/** Turns an exception into lines on standard error and an exit status. */
final class Failures {

    private record Verdict(int exitStatus, List<String> lines) {

        Verdict(int exitStatus, Throwable failure) {
            this(exitStatus, List.of(String.valueOf(failure.getMessage())));
        }
    }

    private Failures() {}

    /** @return the exit status */
    static int report(Throwable failure, Terminal terminal, boolean debug) {
        if (isReaderGone(failure)) {
            return ExitStatus.DONE;
        }
        Verdict verdict = judge(failure);
        try {
            terminal.flush();
        } catch (GuardedStream.ReaderGone | CommandFailure e) {
            // Standard error may still be read.
        }
        for (String line : verdict.lines) {
            terminal.complainAtOnce(line.replaceAll("\\R\\s*", " "));
        }
        if (debug) {
            failure.printStackTrace(terminal.err());
        }
        return verdict.exitStatus;
    }

    private static boolean isReaderGone(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof GuardedStream.ReaderGone) {
                return true;
            }
        }
        return false;
    }

    private static Verdict judge(Throwable failure) {
        if (failure instanceof CommandFailure command) {
            return new Verdict(command.exitStatus(), command);
        }
        if (failure instanceof CommandLine.ParameterException parameter) {
            return new Verdict(ExitStatus.USAGE, List.of(usage(parameter)));
        }
        if (failure instanceof ConfigException config) {
            List<String> lines = new ArrayList<>();
            for (Problem problem : config.problems()) {
                lines.add(problem.toString());
            }
            return new Verdict(ExitStatus.BAD_CONFIGURATION, lines);
        }
        if (failure instanceof ConfigDeniedException) {
            return new Verdict(ExitStatus.NOT_PERMITTED, failure);
        }
        if (failure instanceof NotPermittedException) {
            return new Verdict(ExitStatus.NOT_PERMITTED, failure);
        }
        if (failure instanceof UnknownNameException) {
            return new Verdict(ExitStatus.USAGE, failure);
        }
        if (failure instanceof ServiceUnreachableException) {
            return new Verdict(ExitStatus.SERVICE_UNREACHABLE, failure);
        }
        if (failure instanceof RedisUnreachableException) {
            return new Verdict(ExitStatus.SERVICE_UNREACHABLE, failure);
        }
        if (failure instanceof AdminRefusedException refused) {
            return new Verdict(
                    refused.reason() == AdminRefusedException.Reason.NOT_PERMITTED
                            ? ExitStatus.NOT_PERMITTED
                            : ExitStatus.BAD_CONFIGURATION,
                    refused);
        }
        if (failure instanceof LinkageError error) {
            return new Verdict(
                    ExitStatus.SERVICE_UNREACHABLE,
                    List.of(PlatformTrouble.what(error) + "; " + PlatformTrouble.remedy(error)));
        }
        if (failure instanceof OutOfMemoryError) {
            return new Verdict(
                    ExitStatus.SERVICE_UNREACHABLE,
                    List.of("not enough memory for this; give Java more, as in PING_AGENT_JAVA_OPTS=-Xmx2g"));
        }
        return new Verdict(
                ExitStatus.INTERNAL_ERROR,
                List.of("unexpected " + failure + "; run it again with --debug and report what that prints"));
    }

    private static String usage(CommandLine.ParameterException exception) {
        String message = String.valueOf(exception.getMessage());
        if (exception instanceof CommandLine.UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            message = unmatched(
                    exception.getCommandLine().getCommandSpec(),
                    unmatched.getUnmatched().get(0));
        } else if (message.startsWith("Unknown option: ") && message.contains("; Expected parameter")) {
            // A mistyped option where the value of the one before should stand.
            String option = message.substring("Unknown option: ".length(), message.indexOf(';'));
            message = unmatched(exception.getCommandLine().getCommandSpec(), option.replace("'", ""));
        } else if (exception instanceof CommandLine.MissingParameterException missing && message.isEmpty()) {
            message = "missing " + missing.getMissing();
        }
        String name = exception.getCommandLine().getCommandSpec().qualifiedName();
        String start = message.isEmpty() ? message : Character.toLowerCase(message.charAt(0)) + message.substring(1);
        return start + "; see '" + name + " --help'";
    }

    private static String unmatched(CommandLine.Model.CommandSpec command, String word) {
        int equals = word.indexOf('=');
        if (word.startsWith("-") && word.length() > 1) {
            String option = equals < 0 ? word : word.substring(0, equals);
            // One letter is as near to every other one.
            Set<String> known = new LinkedHashSet<>(command.optionsMap().keySet());
            known.removeIf(name -> name.length() < 4);
            return "unknown option '" + option + "'" + meant(option, known);
        }
        Set<String> commands = command.subcommands().keySet();
        return commands.isEmpty()
                ? "unexpected argument '" + word + "'"
                : "unknown command '" + word + "'" + meant(word, commands);
    }

    private static String meant(String word, Set<String> known) {
        String near = NearWord.nearest(word, known);
        return near == null ? "" : "; did you mean " + near + "?";
    }
}
