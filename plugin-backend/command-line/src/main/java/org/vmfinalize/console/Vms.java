package org.vmfinalize.console;

import java.util.Iterator;
import java.util.List;
import org.vmfinalize.client.InstantVm;
import org.vmfinalize.units.NearestNames;

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
            throw new ConsoleException(
                    "VM %s: none of that name runs from a backup; %s".formatted(name, instead(name, all)));
        }
        if (found.size() > 1) {
            throw new ConsoleException(
                    "VM %s: must be one but there are %d of that name; give the id of one: %s".formatted(name,
                            found.size(),
                            InstantVm.whichOnes(found.stream().map(Vm::seen).toList())));
        }
        return found.getFirst();
    }

    private static String instead(String name, List<Vm> all) {
        var near = NearestNames.of(name, all.stream().map(Vm::getName).toList());
        if (!near.isEmpty()) {
            return "did you mean %s?".formatted(String.join(" or ", near));
        }
        return all.isEmpty() ? "no VM does" : "those that do are %s".formatted(all);
    }

    /// All of them, as they are now.
    @Override
    public Iterator<Vm> iterator() {
        return getRunningFromBackup().iterator();
    }

    /// A table.
    @Override
    public String toString() {
        return Tables.vms(getRunningFromBackup()).toString();
    }
}
