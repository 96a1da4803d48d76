package org.vmfinalize.cli;

import groovy.lang.Binding;
import groovy.lang.GroovyRuntimeException;
import groovy.lang.GroovyShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.codehaus.groovy.control.MultipleCompilationErrorsException;
import org.vmfinalize.client.Api;
import org.vmfinalize.console.ConsoleException;
import org.vmfinalize.console.Language;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "run-script", description = {
        "Run a Groovy script here, in the console's language and with your session."}, footer = {
                "", "Example:",
                "  vm-finalize run-script scripts/examples/finalize-all.groovy --limit '200 MB/s'"})
final class RunScriptCommand extends ServerCommand {

    @Parameters(index = "0", paramLabel = "FILE", description = "The script.")
    private Path file = Path.of("");

    @Parameters(index = "1..*", paramLabel = "ARGUMENT", description = "What the script finds in 'args'; put -- before those that begin with a dash.")
    private List<String> arguments = new ArrayList<>();

    @Override
    ExitStatus run(Api api) throws IOException {
        if (!Files.isReadable(file)) {
            throw new CommandException(ExitStatus.USAGE,
                    "%s: must be a script that can be read but is not".formatted(file));
        }
        var shell = new GroovyShell(new Binding(Language.of(api)));
        try {
            shell.run(file.toFile(), arguments);
            return ExitStatus.DONE;
        } catch (MultipleCompilationErrorsException e) {
            throw new CommandException(ExitStatus.FAILED, firstError(e));
        } catch (GroovyRuntimeException | ConsoleException | IllegalArgumentException | AssertionError e) {
            throw new ScriptFailure("%s%s: %s".formatted(file, lineOf(e), e.getMessage()), e);
        }
    }

    private String firstError(MultipleCompilationErrorsException e) {
        return Arrays.stream(String.valueOf(e.getMessage()).split("\\R"))
                .filter(line -> line.contains("@ line")).findFirst()
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
