package org.vmfinalize.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Shown here for its help and for completion; the launcher starts the server itself, in a process of its own.
@Command(name = "serve", description = {"Run the server itself.", "",
        "Its settings are those of the user guide, in a file or on the command line."}, footer = {"",
                "Examples:",
                "  vm-finalize serve --spring.config.additional-location=application.yaml",
                "  vm-finalize serve --server.port=8443"})
final class ServeCommand implements Callable<Integer> {

    @Parameters(paramLabel = "SETTING", arity = "0..*", description = "Such as --server.port=8443.")
    private List<String> settings = new ArrayList<>();

    @Override
    public Integer call() {
        throw new CommandException(ExitStatus.USAGE,
                "serve: the server is started by scripts/vm-finalize, or by java -jar with plugin-server's exec.jar%s"
                        .formatted(settings.isEmpty() ? "" : " and " + String.join(" ", settings)));
    }
}
