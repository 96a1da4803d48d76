package org.vmfinalize.cli;

import java.io.IOException;
import org.vmfinalize.client.Api;
import org.vmfinalize.terminal.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "doctor", description = {
        "Find what was left behind in vCenter by a crash: half-made VMs, unused mounts, marks; and NFS mounts that no host reaches.",
        "", "Exit status 1 if something is left."}, footer = {"", "Examples:", "  vm-finalize doctor",
                "  vm-finalize doctor --repair"})
final class DoctorCommand extends ServerCommand {

    @Option(names = "--repair", description = "Take away what is ours.")
    private boolean repair;

    @Override
    ExitStatus run(Api api) throws IOException {
        var findings = repair ? api.repair() : api.list("doctor");
        if (isForPeople() && findings.isEmpty()) {
            out().println("nothing was left behind");
            return ExitStatus.DONE;
        }
        var table = new Table("KIND", "WHICH", "REPAIRED", "WHAT");
        boolean left = false;
        for (var finding : findings) {
            boolean repaired = finding.path("repaired").asBoolean(false);
            left |= !repaired;
            table.row(finding.path("kind").asString(""), finding.path("subject").asString(""),
                    repaired ? "yes" : finding.path("repairable").asBoolean(false) ? "no" : "by hand",
                    finding.path("detail").asString(""));
        }
        print(table, findings);
        return left ? ExitStatus.FAILED : ExitStatus.DONE;
    }
}
