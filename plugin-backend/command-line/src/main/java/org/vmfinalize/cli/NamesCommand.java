package org.vmfinalize.cli;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import org.vmfinalize.client.Api;
import org.vmfinalize.client.InstantVm;
import picocli.CommandLine.Command;

@Command(name = "names", hidden = true, description = "Print the names of the VMs that run from backups, for the shell's completion.")
final class NamesCommand implements Callable<Integer> {

    /// Stands in the script for the shell where these names are to be.
    static final String OF_VMS = "NAMES-OF-VMS";

    @Override
    public Integer call() {
        try (var api = new Api(ServerCommand.session().connection())) {
            // The shell takes words: names with blanks have to be typed.
            api.instantVms().stream().map(InstantVm::name).filter(name -> name.matches("[\\w.@%+-]+"))
                    .forEach(System.out::println);
        } catch (IOException | CommandException _) {
            // Nobody wants to read of that where he pressed a key.
        }
        return ExitStatus.DONE.number();
    }

    /// What picocli takes as the candidates of an argument.
    static final class OfVms implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return List.of(OF_VMS).iterator();
        }
    }
}
