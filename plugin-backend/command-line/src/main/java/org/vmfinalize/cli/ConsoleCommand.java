package org.vmfinalize.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.vmfinalize.client.Api;
import org.vmfinalize.shell.Shell;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(name = "console", description = {
        "A Groovy console with the words vms, vm('NAME'), backups, finalizations, discards and help.", "",
        "It runs here, with your session; the server evaluates nothing."}, footer = {"",
                "Example, in the console:",
                "  vm('web-01').makePermanent(limit: '200 MB/s').onProgress { println it }.await()"})
final class ConsoleCommand implements Callable<Integer> {

    @ParentCommand
    private VmFinalize root = new VmFinalize();

    @Override
    public Integer call() throws IOException {
        var session = ServerCommand.session();
        try (var api = new Api(session.connection())) {
            Shell.run(api, session.toString(), root.isDebugged());
            return ExitStatus.DONE.number();
        }
    }
}
