package org.vmfinalize.console;

import java.util.Iterator;
import java.util.List;
import org.vmfinalize.client.InstantVm;
import org.vmfinalize.terminal.Table;
import org.vmfinalize.units.Bytes;

/// The VMs that run from backups and that the user may see; asked anew whenever it is looked at.
public final class Vms implements Iterable<Vm> {

    private final Server server;

    Vms(Server server) {
        this.server = server;
    }

    /// All of them, as they are now.
    public List<Vm> getRunningFromBackup() {
        return server.ask(api -> api.instantVms()).stream().map(vm -> new Vm(server, vm)).toList();
    }

    /// The one of that name, or of that managed object id.
    ///
    /// @throws ConsoleException if there is none, or several
    public Vm named(String name) {
        var all = getRunningFromBackup();
        return all.stream().filter(vm -> vm.getId().equals(name)).findFirst()
                .orElseGet(() -> onlyOne(name, all));
    }

    private static Vm onlyOne(String name, List<Vm> all) {
        var found = all.stream().filter(vm -> vm.getName().equals(name)).toList();
        if (found.isEmpty()) {
            throw new ConsoleException("VM %s: no VM of that name runs from a backup; those that do are %s"
                    .formatted(name, all));
        }
        if (found.size() > 1) {
            throw new ConsoleException(
                    "VM %s: must be one but there are %s; name it by its id".formatted(name, found));
        }
        return found.getFirst();
    }

    @Override
    public Iterator<Vm> iterator() {
        return getRunningFromBackup().iterator();
    }

    /// A table.
    @Override
    public String toString() {
        var table = new Table("NAME", "ID", "POWER", "IN BACKUP", "DATASTORE", "BACKUP");
        for (InstantVm vm : server.ask(api -> api.instantVms())) {
            table.row(vm.name(), vm.id(), vm.powerState(), Bytes.text(vm.toDoBytes()), vm.datastore(),
                    vm.backup());
        }
        return table.toString();
    }
}
