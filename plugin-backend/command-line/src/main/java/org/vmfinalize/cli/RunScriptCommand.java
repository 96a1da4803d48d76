package org.vmfinalize.cli;

import groovy.lang.Binding;
import groovy.lang.GroovyShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import org.codehaus.groovy.control.MultipleCompilationErrorsException;
import org.vmfinalize.client.Api;
import org.vmfinalize.console.Language;
import org.vmfinalize.console.ScriptOptions;
import org.vmfinalize.shell.Slip;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "run-script", description = {
        "Run a Groovy script here, in the console's language and with your session."}, footer = {
                "", "Example:",
                "  vm-finalize run-script scripts/examples/finalize-tonight.groovy --day-limit '50 MB/s'"})
final class RunScriptCommand extends ServerCommand {

    @Parameters(index = "0", paramLabel = "FILE", description = "The script.")
    private Path file = Path.of("");

    @Parameters(index = "1..*", paramLabel = "ARGUMENT", description = "All that follows is the script's own; --help shows what it takes.")
    private List<String> arguments = new ArrayList<>();

    /// What a script is for is told to whoever asks, without a session.
    @Override
    public Integer call() throws IOException {
        if (!Files.isReadable(file)) {
            throw new CommandException(ExitStatus.USAGE,
                    "%s: must be a script that can be read but is not".formatted(file));
        }
        if (arguments.equals(List.of("--help"))) {
            out().println(heading());
            return ExitStatus.DONE.number();
        }
        return super.call();
    }

    @Override
    ExitStatus run(Api api) throws IOException {
        var words = Language.of(api);
        words.put("options", new ScriptOptions(arguments));
        words.put("required", ScriptOptions.REQUIRED);
        try {
            new GroovyShell(new Binding(words)).run(file.toFile(), arguments);
            return ExitStatus.DONE;
        } catch (MultipleCompilationErrorsException e) {
            throw new CommandException(ExitStatus.FAILED, firstError(e));
        } catch (Exception | AssertionError | StackOverflowError e) {
            // Groovy's code throws whatever it likes.
            throw new ScriptFailure("%s%s: %s".formatted(file, lineOf(e), reason(e)), e);
        }
    }

    /// The comment that the script begins with, which tells its use.
    private String heading() throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.dropWhile(line -> line.startsWith("#!")).takeWhile(line -> line.startsWith("//"))
                    .map(line -> line.replaceFirst("^///? ?", ""))
                    .collect(Collectors.joining(System.lineSeparator()));
        }
    }

    private static String reason(Throwable failure) {
        return Slip.told(failure).orElseGet(() -> messageOf(failure));
    }

    private static String messageOf(Throwable failure) {
        if (failure.getMessage() == null) {
            return failure.getClass().getSimpleName();
        }
        // Groovy adds the expression to the message that an assertion was given.
        return failure instanceof AssertionError
                ? failure.getMessage().replaceFirst("(?s)\\. Expression: .*", "")
                : failure.getMessage();
    }

    private String firstError(MultipleCompilationErrorsException e) {
        return Arrays.stream(String.valueOf(e.getMessage()).split("\\R"))
                .filter(line -> line.contains("@ line")).findFirst()
                .map(line -> line
                        .replaceFirst("^.*?: (\\d+): ", Matcher.quoteReplacement(file.toString()) + ":$1: ")
                        .replaceFirst(" @ line \\d+, column (\\d+)\\.$", ", at column $1"))
                .orElse("%s: it is not Groovy".formatted(file));
    }

    private String lineOf(Throwable failure) {
        return Arrays.stream(failure.getStackTrace())
                .filter(frame -> file.getFileName().toString().equals(frame.getFileName()))
                .findFirst()
                .map(frame -> ":" + frame.getLineNumber())
                .orElse("");
    }

    /// A script's own end, with its cause for `--debug`.
    private static final class ScriptFailure extends IOException {

        ScriptFailure(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
