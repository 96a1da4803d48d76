package org.vmfinalize.cli;

import java.io.IOException;
import org.vmfinalize.client.Api;
import org.vmfinalize.client.InstantVm;
import org.vmfinalize.terminal.Table;
import org.vmfinalize.units.Bytes;
import picocli.CommandLine.Command;

@Command(name = "vms", description = "List the VMs that run from backups.", footer = {"", "Examples:",
        "  vm-finalize vms",
        "  vm-finalize vms --output csv > vms.csv"})
final class VmsCommand extends ServerCommand {

    @Override
    ExitStatus run(Api api) throws IOException {
        var vms = api.instantVms();
        var table = new Table("NAME", "ID", "POWER", "SIZE", "IN BACKUP", "DATASTORE", "FINALIZATION",
                "BACKUP")
                .orSay("no VM runs from a backup; 'vm-finalize run BACKUP --name NAME' runs one");
        for (var vm : vms) {
            table.row(vm.name(), vm.id(), vm.powerState(), Bytes.text(vm.sizeBytes()),
                    Bytes.text(vm.toDoBytes()),
                    vm.datastore(), vm.finalization().orElse("-"), vm.backup());
        }
        print(table, vms.stream().map(InstantVm::json).toList());
        return ExitStatus.DONE;
    }
}
