package org.vmfinalize.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.groovy.groovysh.Main;
import org.vmfinalize.client.Api;
import org.vmfinalize.console.Language;
import picocli.CommandLine.Command;

@Command(name = "console", description = {
        "A Groovy console with the words vms, vm('NAME'), backups and finalizations.", "",
        "It runs here, with your session; the server evaluates nothing."}, footer = {"",
                "Example, in the console:",
                "  vm('web-01').makePermanent(limit: '200 MB/s').onProgress { println it }.await()"})
final class ConsoleCommand implements Callable<Integer> {

    @Override
    public Integer call() throws IOException {
        try (var api = new Api(ServerCommand.session().connection())) {
            return Main.start(Language.of(api));
        }
    }
}
