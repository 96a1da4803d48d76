package org.vmfinalize.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Collection;
import java.util.concurrent.Callable;
import org.vmfinalize.client.Api;
import org.vmfinalize.terminal.Table;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// A command that asks the server, with the session of the last `login`.
abstract class ServerCommand implements Callable<Integer> {

    @Option(names = {"-o",
            "--output"}, paramLabel = "FORMAT", defaultValue = "table", description = "table, json, yaml or csv. Default: ${DEFAULT-VALUE}.")
    private OutputFormat output = OutputFormat.table;

    @Override
    public Integer call() throws IOException {
        try (var api = new Api(session().connection())) {
            return run(api).number();
        }
    }

    abstract ExitStatus run(Api api) throws IOException;

    static StoredSession session() throws IOException {
        return StoredSession.read().orElseThrow(() -> new CommandException(ExitStatus.NOT_ALLOWED,
                "session: there is none; log in with 'vm-finalize login https://SERVER:8443'"));
    }

    final void print(Table table, Collection<JsonNode> items) {
        output.print(out(), table, items);
    }

    final void print(Table table, JsonNode item) {
        output.print(out(), table, item);
    }

    /// Prints a plan; the answer is the exit status for scripts.
    final ExitStatus show(JsonNode plan) {
        var report = new PlanReport(plan);
        if (isForPeople()) {
            report.print(out());
        } else {
            print(report.row(), plan);
        }
        return report.status();
    }

    final boolean isForPeople() {
        return output == OutputFormat.table;
    }

    final PrintStream out() {
        return System.out;
    }
}
